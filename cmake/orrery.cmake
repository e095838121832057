# One feature = one stem in one family folder. orrery_family() finds the siblings of every stem it is given, and stops
# the configure step when one that the house asks for is missing.
include_guard(GLOBAL)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

set(ORRERY_SHARED_DATA "${CMAKE_SOURCE_DIR}/../shared/data" CACHE PATH "Real data with known answers; tests skip when absent")

# Flags that every target of ours gets. -ffp-contract=off: native and wasm must agree (docs/adr/0003).
add_library(orrery_flags INTERFACE)
target_include_directories(orrery_flags INTERFACE "${CMAKE_SOURCE_DIR}/engine")
target_compile_options(orrery_flags INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wno-missing-field-initializers)  # options structs are made with designated initialisers
if(ORRERY_WERROR)
  target_compile_options(orrery_flags INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns about its own <optional> and <regex> when they are inlined; the pattern is a known false alarm.
  target_compile_options(orrery_flags INTERFACE -Wno-maybe-uninitialized -Wno-restrict)  # -Wrestrict: GCC bug 105329
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12 warns about its own std::stable_sort.
  target_compile_options(orrery_flags INTERFACE -Wno-deprecated-declarations)
endif()
if(NOT CMAKE_SYSTEM_NAME STREQUAL "WASI")
  find_package(Threads REQUIRED)
  target_link_libraries(orrery_flags INTERFACE Threads::Threads)
endif()

define_property(GLOBAL PROPERTY ORRERY_FIGURE_LIBRARIES BRIEF_DOCS "object libraries that hold figures")
define_property(TARGET PROPERTY ORRERY_FIGURES BRIEF_DOCS "namespace::symbol of the figures of a library")
define_property(TARGET PROPERTY ORRERY_MODULE BRIEF_DOCS "WebAssembly module of a library's figures: what their ids begin with")

# What is not a kernel is built for size in WebAssembly (docs/adr/0002): every page carries it. clang-19's -Os costs such code
# nothing that a frame would show; kernels (core, stats, period) stay at -O3.
function(orrery_small_in_wasm target)
  if(CMAKE_SYSTEM_NAME STREQUAL "WASI")
    target_compile_options(${target} PRIVATE -Os)
  endif()
endfunction()

function(orrery_need_file path why)
  if(NOT EXISTS "${path}")
    message(FATAL_ERROR "${path} is missing: ${why}")
  endif()
endfunction()

# Where the tests find things. One small object has the paths of this tree; the tests ask it, so that a compiler cache serves their
# objects to another clone too.
if(ORRERY_TESTS AND NOT CMAKE_SYSTEM_NAME STREQUAL "WASI")
  add_library(orrery_test_main OBJECT "${CMAKE_SOURCE_DIR}/tests/support/main.cpp" "${CMAKE_SOURCE_DIR}/tests/support/paths.cpp")
  target_include_directories(orrery_test_main PUBLIC "${CMAKE_SOURCE_DIR}/tests" /usr/include/doctest)
  target_link_libraries(orrery_test_main PUBLIC orrery_flags)
  set_source_files_properties("${CMAKE_SOURCE_DIR}/tests/support/paths.cpp" PROPERTIES COMPILE_DEFINITIONS
    "ORRERY_SHARED_DATA=\"${ORRERY_SHARED_DATA}\";ORRERY_SOURCE_DIR=\"${CMAKE_SOURCE_DIR}\";ORRERY_PROGRAM=\"${CMAKE_BINARY_DIR}/apps/orrery/orrery\"")
endif()

# orrery_test(<name> SOURCES <file>... LINK <target>...): a doctest program test_<name>, run by ctest as <name>.
function(orrery_test name)
  cmake_parse_arguments(T "" "" "SOURCES;LINK" ${ARGN})
  if(NOT ORRERY_TESTS OR CMAKE_SYSTEM_NAME STREQUAL "WASI")
    return()
  endif()
  add_executable(test_${name} ${T_SOURCES})
  target_compile_options(test_${name} PRIVATE -Wno-conversion -Wno-sign-conversion -Wno-shadow -O1)  # doctest at -O3 compiles for ever
  target_link_libraries(test_${name} PRIVATE orrery_test_main ${T_LINK})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # The warnings of orrery_flags come behind those of the target, and clang takes -Wconversion to mean signs too.
    set_source_files_properties(${T_SOURCES} PROPERTIES COMPILE_OPTIONS "-Wno-conversion;-Wno-sign-conversion;-Wno-shadow")
  endif()
  add_test(NAME ${name} COMMAND test_${name})
endfunction()

# orrery_figures(<library> <namespace> <stem>...): one object library of <stem>_fig.cpp files, each defining
# `extern const orrery::live::Figure <namespace>::<stem>_figure` with an id "<last word of the namespace>.<name>". In WebAssembly
# the library becomes a module of that word (docs/adr/0002).
function(orrery_figures library namespace)
  set(sources)
  set(symbols)
  foreach(stem IN LISTS ARGN)
    orrery_need_file("${CMAKE_CURRENT_SOURCE_DIR}/${stem}_fig.cpp" "figure ${stem} is registered in ${CMAKE_CURRENT_SOURCE_DIR}")
    list(APPEND sources "${stem}_fig.cpp")
    list(APPEND symbols "${namespace}::${stem}_figure")
  endforeach()
  string(REGEX MATCH "[^:]+$" module "${namespace}")
  add_library(${library} OBJECT ${sources})
  set_target_properties(${library} PROPERTIES ORRERY_FIGURES "${symbols}" ORRERY_MODULE "${module}")
  orrery_small_in_wasm(${library})
  target_link_libraries(${library} PUBLIC orrery_flags orrery_live)
  set_property(GLOBAL APPEND PROPERTY ORRERY_FIGURE_LIBRARIES ${library})
endfunction()

# orrery_family(<name> FEATURES <stem>... [HEADERS <stem>...] [DEPENDS <family>...] [LINK <target>...])
#   FEATURES  stem.hpp, stem.cpp and stem_test.cpp must exist; stem_fig.cpp, stem_bench.cpp, stem_fuzz.cpp are taken when they do
#   HEADERS   stem.hpp must exist; stem_test.cpp is taken when it does
function(orrery_family name)
  cmake_parse_arguments(F "" "" "FEATURES;HEADERS;DEPENDS;LINK;DETAIL" ${ARGN})
  set(here "${CMAKE_CURRENT_SOURCE_DIR}")
  set(sources)
  set(tests)
  set(figures)
  foreach(stem IN LISTS F_FEATURES)
    foreach(suffix .hpp .cpp _test.cpp)
      orrery_need_file("${here}/${stem}${suffix}" "feature ${name}/${stem} is registered in ${here}/CMakeLists.txt")
    endforeach()
    list(APPEND sources "${stem}.cpp")
    list(APPEND tests "${stem}_test.cpp")
    if(EXISTS "${here}/${stem}_fig.cpp")
      list(APPEND figures "${stem}")
    endif()
    foreach(kind fuzz bench)
      if(EXISTS "${here}/${stem}_${kind}.cpp")
        set_property(GLOBAL APPEND PROPERTY ORRERY_${kind}_SOURCES "${name}|${stem}|${here}/${stem}_${kind}.cpp")
      endif()
    endforeach()
  endforeach()
  foreach(stem IN LISTS F_HEADERS)
    orrery_need_file("${here}/${stem}.hpp" "header ${name}/${stem} is registered in ${here}/CMakeLists.txt")
    if(EXISTS "${here}/${stem}_test.cpp")
      list(APPEND tests "${stem}_test.cpp")
    endif()
    if(EXISTS "${here}/${stem}_fig.cpp")
      list(APPEND figures "${stem}")
    endif()
  endforeach()
  foreach(source IN LISTS F_DETAIL)
    orrery_need_file("${here}/${source}" "detail source of ${name}")
    list(APPEND sources "${source}")
  endforeach()

  set(library orrery_${name})
  if(sources)
    add_library(${library} STATIC ${sources})
    target_link_libraries(${library} PUBLIC orrery_flags PRIVATE ${F_LINK})
    if(ORRERY_FUZZ)
      target_compile_options(${library} PRIVATE -fsanitize=fuzzer-no-link)  # the families are what the fuzzers look into
    endif()
    set(scope PUBLIC)
  else()
    add_library(${library} INTERFACE)
    target_link_libraries(${library} INTERFACE orrery_flags)
    set(scope INTERFACE)
  endif()
  foreach(family IN LISTS F_DEPENDS)
    target_link_libraries(${library} ${scope} orrery_${family})
  endforeach()

  # Every public header compiles alone: a translation unit that includes it and nothing else.
  set(alone)
  foreach(stem IN LISTS F_FEATURES F_HEADERS)
    set(unit "${CMAKE_CURRENT_BINARY_DIR}/alone/${stem}.cpp")
    file(CONFIGURE OUTPUT "${unit}" CONTENT "#include \"orrery/${name}/${stem}.hpp\"  // must compile alone\n" @ONLY)
    list(APPEND alone "${unit}")
  endforeach()
  if(ORRERY_TESTS AND alone AND NOT ORRERY_FUZZ AND NOT CMAKE_SYSTEM_NAME STREQUAL "WASI")
    add_library(${library}_headers_alone OBJECT ${alone})
    target_link_libraries(${library}_headers_alone PRIVATE ${library})
  endif()

  # A micro-benchmark is a plain program beside its feature; bench/ has the comparison with other packages.
  foreach(stem IN LISTS F_FEATURES)
    if(ORRERY_BENCH AND EXISTS "${here}/${stem}_bench.cpp")
      add_executable(bench_${stem} "${stem}_bench.cpp")
      target_link_libraries(bench_${stem} PRIVATE ${library})
    endif()
  endforeach()

  if(figures)
    orrery_figures(${library}_figures "orrery::${name}" ${figures})
    target_link_libraries(${library}_figures PUBLIC ${library})
  endif()

  if(tests)
    orrery_test(${name} SOURCES ${tests} LINK ${library})
  endif()
endfunction()

# orrery_registry(<target> <figure library>...): a library with the list of all figures of those libraries, generated from what
# the families registered: no static-constructor registries.
function(orrery_registry target)
  set(declarations "")
  set(entries "")
  foreach(library IN LISTS ARGN)
    get_target_property(symbols ${library} ORRERY_FIGURES)
    foreach(symbol IN LISTS symbols)
      string(REGEX MATCH "^(.*)::([^:]+)$" _ "${symbol}")
      string(APPEND declarations "namespace ${CMAKE_MATCH_1} { extern const orrery::live::Figure ${CMAKE_MATCH_2}; }\n")
      string(APPEND entries "    &${symbol},\n")
    endforeach()
  endforeach()
  set(unit "${CMAKE_BINARY_DIR}/generated/${target}.cpp")
  file(CONFIGURE OUTPUT "${unit}" @ONLY CONTENT
"// Generated by cmake/orrery.cmake from the figures that the families registered.
#include \"orrery/live/registry.hpp\"
${declarations}
namespace orrery::live {
std::span<const Figure* const> all_figures() {
  static const Figure* const figures[] = {
${entries}  };
  return figures;
}
}  // namespace orrery::live
")
  add_library(${target} STATIC "${unit}")
  target_link_libraries(${target} PUBLIC orrery_live ${ARGN})
endfunction()
