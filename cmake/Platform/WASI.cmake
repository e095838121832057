# CMake 3.25 has no platform file for WASI; all that is to say is in cmake/wasm.cmake.
