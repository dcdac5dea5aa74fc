# What vcpkg does for a port, as far as ours goes: the functions it calls, and the variables it reads. A stand-in, for
# where vcpkg itself cannot be had: cmake -DPORT=... -DINTO=... -P vcpkg.cmake
set(CURRENT_PACKAGES_DIR "${INTO}/packages")
set(VCPKG_LIBRARY_LINKAGE static)
set(built "${INTO}/build")

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(vcpkg_cmake_configure)
  cmake_parse_arguments(arg "" "SOURCE_PATH" "OPTIONS" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "vcpkg_cmake_configure: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  run(${CMAKE_COMMAND} -S ${arg_SOURCE_PATH} -B ${built} -G Ninja ${arg_OPTIONS} -DCMAKE_BUILD_TYPE=Release
      -DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR} -DCMAKE_INSTALL_LIBDIR=lib)
endfunction()

function(vcpkg_cmake_install)
  run(${CMAKE_COMMAND} --build ${built} --target install --parallel 2)
endfunction()

function(vcpkg_fixup_pkgconfig)
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(arg "" "" "FILE_LIST" ${ARGN})
  file(INSTALL ${arg_FILE_LIST} DESTINATION "${CURRENT_PACKAGES_DIR}/share/edgebind" RENAME copyright)
endfunction()

file(READ "${PORT}/vcpkg.json" port)
string(JSON name GET "${port}" name)
string(JSON version GET "${port}" version-semver)
file(STRINGS "${PORT}/../../src/client.c" ours REGEX "^#define EB_VERSION ")
if(NOT name STREQUAL "edgebind" OR NOT ours MATCHES "\"${version}\"")
  message(FATAL_ERROR "vcpkg.json is of ${name} ${version}, the source has ${ours}")
endif()
set(CMAKE_CURRENT_LIST_DIR "${PORT}")
include("${PORT}/portfile.cmake")
