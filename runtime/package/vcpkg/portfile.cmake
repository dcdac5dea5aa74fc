# An overlay port for the source it lies in: vcpkg install edgebind --overlay-ports=runtime/package/vcpkg
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

string(COMPARE EQUAL "${VCPKG_LIBRARY_LINKAGE}" "dynamic" EDGEBIND_SHARED)
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS
    -DEDGEBIND_SHARED=${EDGEBIND_SHARED}
    -DEDGEBIND_TESTS=OFF
    -DEDGEBIND_INSTALL=ON
)
vcpkg_cmake_install()
vcpkg_fixup_pkgconfig()
# The package's CMake files are written by hand and find their libraries from where they are.
set(VCPKG_POLICY_SKIP_MISPLACED_CMAKE_FILES_CHECK enabled)
set(VCPKG_POLICY_SKIP_LIB_CMAKE_MERGE_CHECK enabled)
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
