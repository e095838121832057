# Writes an assembler source that carries the page template as orrery_page ... orrery_page_end; empty when it is not built.
set(body "")
if(EXISTS "${PAGE}")
  set(body "  .incbin \"${PAGE}\"\n")
endif()
file(WRITE "${UNIT}" "  .section .rodata
  .global orrery_page
  .global orrery_page_end
  .balign 16
orrery_page:
${body}orrery_page_end:
  .byte 0
  .section .note.GNU-stack,\"\",%progbits
")
