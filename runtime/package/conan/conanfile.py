"""Conan 2 recipe, for the source it lies in: `conan create runtime/package/conan`.

libcurl, OpenSSL and cJSON are ConanCenter's; with `-o "&:system=True"` those of the system, and nothing is fetched.
"""

import os
import re

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load

APIS = {"oss": [], "dcdn": ["oss"], "edgegap": [], "esa": [], "sae": []}


class Edgebind(ConanFile):
    name = "edgebind"
    license = "MIT"
    description = "C bindings for the edge services of Edgegap and Alibaba Cloud"
    topics = ("api", "bindings", "edge")
    package_type = "library"
    settings = "os", "compiler", "build_type", "arch"
    options = {"shared": [True, False], "fPIC": [True, False], "system": [True, False]}
    default_options = {"shared": False, "fPIC": True, "system": False}

    def set_version(self):
        source = load(self, os.path.join(self.recipe_folder, "../../src/client.c"))
        self.version = re.search(r'#define EB_VERSION "(.*)"', source).group(1)

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "../../..")
        for pattern in ("CMakeLists.txt", "LICENSE", "runtime/*", "generated/*"):
            copy(self, pattern, src=root, dst=self.export_sources_folder)

    def configure(self):
        self.settings.rm_safe("compiler.cppstd")
        self.settings.rm_safe("compiler.libcxx")
        if self.options.shared:
            self.options.rm_safe("fPIC")

    def requirements(self):
        if not self.options.system:
            self.requires("libcurl/[>=7.88 <9]")
            self.requires("openssl/[>=1.1 <4]")
            self.requires("cjson/[>=1.7.15 <2]")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["EDGEBIND_SHARED"] = bool(self.options.shared)
        toolchain.cache_variables["EDGEBIND_TESTS"] = False
        toolchain.cache_variables["EDGEBIND_INSTALL"] = True
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        CMake(self).install()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "edgebind")
        runtime = self.cpp_info.components["edgebind"]
        runtime.libs = ["edgebind"]
        runtime.set_property("cmake_target_name", "edgebind::edgebind")
        runtime.set_property("pkg_config_name", "edgebind")
        if self.options.system:
            runtime.system_libs = ["curl", "crypto", "cjson"]
        else:
            runtime.requires = ["libcurl::libcurl", "openssl::crypto", "cjson::cjson"]
        if self.settings.os in ("Linux", "FreeBSD"):
            runtime.system_libs += ["m", "pthread"]
        for api, behind in APIS.items():
            part = self.cpp_info.components[api]
            part.libs = [f"edgebind-{api}"]
            part.requires = [*behind, "edgebind"]
            part.set_property("cmake_target_name", f"edgebind::{api}")
            part.set_property("pkg_config_name", f"edgebind-{api}")
