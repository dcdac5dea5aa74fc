# edgebind. `make` builds the libraries, `make help` lists everything else. GNU make.
#
# Everything made goes below build/, each variant into a directory of its own:
#   make                           build/lib/libedgebind.a
#   make VARIANT=san unit          build/san/..., tests under the address and undefined behaviour sanitizers
#   make CC=clang CFLAGS='-O1 -g'  another compiler, other flags; what depends on them is rebuilt

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# ---- Variants -------------------------------------------------------------------------------------------

VARIANT ?= release
B       := $(if $(filter release,$(VARIANT)),build,build/$(VARIANT))

ifeq ($(origin CC),default)
CC := gcc
endif
AR ?= ar

CFLAGS_release = -O2 -g
CFLAGS_gcc     = -O2 -Werror
CFLAGS_gcc-O3  = -O3 -g -Werror
CFLAGS_clang   = -O2 -g -Werror
CFLAGS_small   = -Os
CFLAGS_san     = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_tsan    = -O1 -g -fsanitize=thread
CFLAGS_fuzz    = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
CFLAGS_i386    = -m32 -O2 -g -Werror --sysroot=build/debian/i386 $(patsubst %,-B%/,$(wildcard build/debian/i386/usr/lib/gcc/*/*))
CFLAGS_s390x   = --target=s390x-linux-gnu -O2 -g -Werror --sysroot=build/debian/s390x
CFLAGS_musl    = -O2 -Werror
CFLAGS_mingw   = -O2 -Werror
CC_clang       = clang
CC_s390x       = clang
CC_fuzz        = clang

CFLAGS ?= $(or $(CFLAGS_$(VARIANT)),$(error no variant $(VARIANT): one of $(VARIANTS)))
VARIANTS = release gcc gcc-O3 clang small i386 s390x musl mingw san tsan fuzz

WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wcast-qual -Wwrite-strings
COMPILE  = $(or $(CC_$(VARIANT)),$(CC)) -std=c11 -D_POSIX_C_SOURCE=200809L $(WARNINGS) -fPIC $(CFLAGS) $(CPPFLAGS)
LINK     = $(or $(CC_$(VARIANT)),$(CC)) $(CFLAGS) $(LDFLAGS)
LIBS     = -lcurl -lcrypto -lcjson -pthread -lm
CHECK    = $(shell pkg-config --cflags --libs check)

comma := ,

# Commands are shown with V=1. One target in another variant: +$(call in,san,unit)
Q   := $(if $(V),,@)
say  = @$(if $(V),:,echo '  $(1)')
in   = $(Q)$(MAKE) --no-print-directory VARIANT=$(1) $(2)

PY       = .venv/bin/python
PYTEST   = $(PY) -m pytest -q
GENERATE = $(PY) -m edgebind generate

# ---- Sources --------------------------------------------------------------------------------------------

RUNTIME   := $(wildcard runtime/src/*.c)
GENERATED := $(wildcard generated/src/*.c)
APIS      := $(basename $(notdir $(wildcard generated/include/edgebind/*.h)))

object  = $(patsubst %.c,$(B)/obj/%.o,$(1))
program = $(B)/bin/$(2)$(subst _,-,$(basename $(notdir $(1))))

UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
UNIT_SHARED  := $(filter-out $(UNIT_SOURCES),$(wildcard tests/unit/*.c))
ifneq ($(filter musl mingw,$(VARIANT)),)
include tests/portability/portable.mk
endif
UNIT_TESTS   := $(foreach s,$(UNIT_SOURCES),$(call program,$(s)))
VECTORS      := $(foreach s,$(wildcard tests/vectors/*.c tests/conformance/*.c),$(call program,$(s)))
EXAMPLES     := $(foreach s,$(wildcard tests/examples/*.c),$(call program,$(s)))
GUIDES       := $(foreach s,$(wildcard tests/guides/*.c),$(call program,$(s),guide-))
CONTRACT     := $(foreach s,$(wildcard tests/contract/*.c),$(call program,$(s),contract-))
TORTURE      := $(foreach s,$(wildcard tests/torture/*.c),$(call program,$(s)))
FUZZ_SOURCES := $(filter-out tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c))
FUZZERS      := $(foreach s,$(FUZZ_SOURCES),$(call program,$(s),fuzz-))
SOAK         := $(foreach s,$(wildcard tests/soak/*.c),$(call program,$(s)))
BENCHES      := $(foreach s,$(wildcard tests/bench/*.c),$(call program,$(s),bench-))

# The ABI, and with it the soname, is that of the minor version before 1.0, of the major version after it.
VERSION := $(shell sed -n 's/^\#define EB_VERSION "\(.*\)"/\1/p' runtime/src/client.c)
ABI     := $(if $(filter 0.%,$(VERSION)),$(basename $(VERSION)),$(firstword $(subst ., ,$(VERSION))))

# The command-line tool. OWN=third_party/acme makes it for what `edgebind generate --help-tables` wrote there.
OWN         ?= generated
CLI         := $(wildcard runtime/cli/*.c) $(wildcard $(OWN)/cli/*.c)
EB          := $(B)/bin/$(if $(filter generated,$(OWN)),eb,$(notdir $(OWN:/=)))

LIB         := $(B)/lib/libedgebind.a
SHARED_LIBS := $(B)/lib/libedgebind.so $(APIS:%=$(B)/lib/libedgebind-%.so)

##@ Build

.PHONY: all shared programs contract guides objects eb
all: $(LIB) $(EB) ## the static library, build/lib/libedgebind.a, and the command-line tool, build/bin/eb
eb: $(EB) ## the command-line tool; OWN=DIR: for the APIs generated there, build/bin/<name of DIR>
shared: $(SHARED_LIBS) ## libedgebind.so, and libedgebind-<api>.so beside it
programs: $(EXAMPLES) $(GUIDES) $(VECTORS) $(CONTRACT) $(TORTURE) $(BENCHES) $(FUZZERS) $(SOAK) ## every program of tests/ but the unit tests, into build/bin/
contract: $(CONTRACT)
guides: $(GUIDES)
objects: $(call object,$(RUNTIME) $(GENERATED))

$(LIB): $(call object,$(RUNTIME) $(GENERATED))
	$(call say,AR    $@)
	@mkdir -p $(@D) && rm -f $@
	$(Q)$(AR) rcs $@ $^

# Users see eb_*, what generated code calls, and nothing else. A library is found under its soname too, in place.
SONAME = -Wl,-soname,$(@F).$(ABI)
$(B)/lib/libedgebind.so: $(call object,$(RUNTIME)) runtime/package/exports.map
	$(call say,LINK  $@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -shared $(SONAME) -Wl,--version-script=$(filter %.map,$^) -Wl,-z,defs -o $@ $(filter %.o,$^) $(LIBS)
	@ln -sf $(@F) $@.$(ABI)

$(B)/lib/libedgebind-%.so: $(B)/lib/libedgebind.so
	$(call say,LINK  $@)
	$(Q)$(LINK) -shared $(SONAME) -Wl,-z,defs $(if $(filter no,$(RUNPATH)),,-Wl$(comma)-rpath$(comma)'$$ORIGIN') -o $@ $(filter %.o,$^) $(filter %.so,$^)
	@ln -sf $(@F) $@.$(ABI)
$(B)/lib/libedgebind-dcdn.so: $(B)/lib/libedgebind-oss.so # the upload that follows a ticket
$(foreach a,$(APIS),$(eval $(B)/lib/libedgebind-$(a).so: \
    $(call object,$(wildcard generated/src/$(a).c generated/src/$(a)_*.c))))

# Sources of somebody's own APIs bring rows along; ours are in the library.
OWN_SOURCES := $(if $(filter generated,$(OWN)),,$(wildcard $(OWN)/src/*.c))
$(EB): $(call object,$(CLI) $(OWN_SOURCES)) $(LIB)
	$(call say,LINK  $@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(LIB) $(LIBS)
$(call object,$(CLI) $(OWN_SOURCES)): INCLUDE_$(firstword $(subst /, ,$(OWN))) += -Iruntime/include -I$(OWN)/include
$(call object,$(wildcard runtime/cli/*.c)): INCLUDE_runtime += -I$(OWN)/include

# Objects know the headers they were made from (.d) and the command that made them (flags).
INCLUDE_runtime   := -Iruntime/include
INCLUDE_generated := -Iruntime/include -Igenerated/include
INCLUDE_tests     := -Iruntime/include -Igenerated/include
INCLUDE_build     := -w
PRIVATE           := $(wildcard $(patsubst %,tests/%/*.c,unit portability vectors conformance torture fuzz bench))
$(call object,$(PRIVATE)): INCLUDE_tests += -iquote runtime/src -iquote tests/unit

$(B)/obj/%.o: %.c $(B)/obj/flags
	$(call say,CC    $@)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) $(INCLUDE_$(firstword $(subst /, ,$<))) -MMD -MP -c -o $@ $<

$(B)/obj/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(COMPILE)' | cmp -s - $@ || echo '$(COMPILE)' >$@

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

# Programs: tests/vectors/acs3_vectors.c becomes build/bin/acs3-vectors.
define program_rule
$(call program,$(1),$(2)): $(call object,$(1) $(3)) $(LIB)
	$$(call say,LINK  $$@)
	@mkdir -p $$(@D)
	$$(Q)$$(LINK) -o $$@ $$(filter %.o,$$^) $(LIB) $$(LIBS)
endef
$(foreach s,$(wildcard $(patsubst %,tests/%/*.c,examples vectors conformance torture soak)),$(eval $(call program_rule,$(s))))
$(foreach s,$(wildcard tests/contract/*.c),$(eval $(call program_rule,$(s),contract-)))
$(foreach s,$(wildcard tests/guides/*.c),$(eval $(call program_rule,$(s),guide-)))
$(foreach s,$(wildcard tests/bench/*.c),$(eval $(call program_rule,$(s),bench-)))
$(foreach s,$(FUZZ_SOURCES),$(eval $(call program_rule,$(s),fuzz-,$(if $(filter fuzz,$(VARIANT)),,tests/fuzz/replay.c))))
$(foreach s,$(UNIT_SOURCES),$(eval $(call program_rule,$(s),,$(UNIT_SHARED))))
$(UNIT_TESTS) $(TORTURE): LIBS += $(CHECK)
$(FUZZERS): LIBS += $(if $(filter fuzz,$(VARIANT)),-fsanitize=fuzzer)

.PHONY: FORCE
FORCE:

##@ Generate

.PHONY: generate golden lock readme
generate: | deps ## generated/ from spec/, and the man pages
	$(GENERATE)
	$(PY) runtime/docs/tool/man.py

golden: | deps ## update tests/golden after a change of the generator; read the diff
	$(PYTEST) tests/generator/test_golden.py --update-golden
	+$(call in,san,all)
	$(PY) tests/tools/golden.py build/san/lib/libedgebind.a --update

readme: | deps ## paste tests/examples/ and tests/guides/ into README.md and the guides
	$(PY) tests/tools/readme.py --write

.PHONY: docs man
man: | deps ## runtime/man/ from the comments of the public headers and from the generator's options
	$(PY) runtime/docs/tool/man.py

docs: | deps ## the documentation as a site with search, build/docs/index.html
	$(PY) runtime/docs/tool/site.py build/docs

lock: | deps ## requirements.txt from requirements.in, with hashes (wants uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url requirements.in -o requirements.txt

##@ Try

# The demo and the tests never see real credentials.
NO_CREDENTIALS = env $$(env | sed -n 's/^\(EDGEGAP_TOKEN\|ALIBABA_[A-Za-z0-9_]*\)=.*/-u \1/p')
MOCK           = $(NO_CREDENTIALS) $(PY) -m edgebind_mock
DEMO           = $(MOCK) --scenario tests/examples/demo.scenario.json --exec

.PHONY: demo mock
demo: | deps ## install what is missing, build, and run one program through every workflow, against the mock
	@$(MAKE) --no-print-directory build/bin/demo build/bin/eb
	$(MOCK) --scenario tests/examples/demo.scenario.json --exec build/bin/demo
	@$(MOCK) --exec tests/examples/eb.sh build/bin/eb

mock: | deps ## the mock provider, until interrupted
	$(MOCK) --human

##@ Check

VALGRIND = valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite

CHECKS = check-generated check-strict check-headers check-lint check-unit check-vectors check-generator \
         check-golden check-mock check-contract check-faults $(if $(TORTURE),check-torture) \
         check-cli check-fuzz check-soak check-readme check-guides check-docs check-man check-demo check-vendor check-parts check-tsan
LONG_CHECKS = long-unit long-valgrind long-cli long-clang long-gcc-O3 long-i386 long-s390x long-musl long-mingw \
              long-fuzz long-soak long-parts long-vendored check-abi check-deb check-packaging check-site check-doxygen

.PHONY: abi-baseline symbols deb dist check check-long check-programs long-programs $(CHECKS) $(LONG_CHECKS) unit vectors torture fuzz fuzz-each replay strict
check: | deps ## everything that must hold on every change, in 15 minutes on two cores
	@$(PY) .ci/check.py --minutes 30 --first check-programs --jobs 2 $(CHECKS)

check-long: | deps-all ## what takes longer: larger property tests, valgrind, other compilers
	@$(PY) .ci/check.py --minutes 55 --first long-programs --jobs 2 $(LONG_CHECKS)

# Parts run side by side and find made what several of them want.
check-programs: | deps
	+$(Q)$(MAKE) --no-print-directory all programs
	+$(call in,san,strict)
long-programs: | deps-all
	+$(Q)$(MAKE) --no-print-directory all shared programs $(UNIT_TESTS)

check-generated: | deps ## generated/ and spec/names.lock are what the documents give
	@$(GENERATE) --check || { echo 'run make generate'; exit 1; }

check-strict: | deps ## no warning from gcc or clang, the libraries and every program
	+$(call in,gcc,strict)
	+$(call in,clang,strict)
strict: all shared programs $(UNIT_TESTS)

check-headers: all | deps ## each public header alone, as C99, C11 and C++17, with gcc and clang; the public symbols
	tests/headers/check.sh
	tests/headers/symbols.sh $(B)/lib/libedgebind.a
symbols: all ## update the list of public symbols; read the diff
	tests/headers/symbols.sh $(B)/lib/libedgebind.a --update

check-unit: | deps ## unit tests under the address and undefined behaviour sanitizers
	+$(call in,san,unit)
unit: $(UNIT_TESTS)
	.ci/run-tests.sh $^

check-vectors: | deps ## signatures and encodings, byte for byte; JSON case by case
	+$(call in,san,vectors)
vectors: $(VECTORS)
	.ci/run-tests.sh $^

check-generator: | deps ## the documents and the generator
	$(PYTEST) tests/generator

check-golden: | deps ## what the generator makes of small documents compiles and works
	+$(call in,san,all)
	$(PY) tests/tools/golden.py build/san/lib/libedgebind.a

check-mock: | deps ## the mock provider's own tests
	$(PYTEST) tests/mock/tests

check-contract: | deps ## every operation against the mock
	+$(call in,san,contract)
	$(NO_CREDENTIALS) $(PYTEST) tests/contract --ignore tests/contract/faults

check-faults: | deps ## what a call comes to when network, provider and caller misbehave
	+$(call in,san,contract)
	$(NO_CREDENTIALS) $(PYTEST) tests/contract/faults

check-torture: | deps ## whole calls, with each allocation failing in turn
	+$(call in,san,torture)
torture: $(TORTURE)
	.ci/run-tests.sh $^

check-cli: | deps ## the command-line tool against the mock
	+$(call in,san,eb)
	+$(call in,release,all)
	$(NO_CREDENTIALS) $(PYTEST) tests/cli --ignore tests/cli/shells

long-cli: | deps-all ## completion in zsh and fish; the command-line tool under valgrind
	+$(call in,release,all)
	EDGEBIND_EB=build/bin/eb $(NO_CREDENTIALS) $(PYTEST) tests/cli/shells
	RUNNER='$(VALGRIND)' EDGEBIND_EB=build/bin/eb $(NO_CREDENTIALS) $(PYTEST) tests/cli/test_output.py

check-fuzz: | deps ## the corpora of the fuzzers, under the sanitizers
	+$(call in,san,replay)
replay: $(FUZZERS)
	.ci/run-tests.sh $^

check-soak: | deps ## 2,000 calls with faults: nothing grows
	$(MAKE) --no-print-directory build/bin/soak
	$(MOCK) --exec build/bin/soak 2000 300

check-readme: | deps ## README.md and the guides show what is compiled and run, and their links lead somewhere
	$(PY) tests/tools/readme.py

check-docs: docs | deps ## no broken link in the pages of the repository and in the site
	$(PY) tests/tools/links.py build/docs

check-man: all | deps ## the man pages are those of the headers, complete, without a complaint of mandoc, and installed
	$(PYTEST) tests/man

check-doxygen: | deps-all ## every public symbol is documented, as doxygen sees it
	@mkdir -p build
	EDGEBIND_PYTHON=$(PY) doxygen runtime/docs/Doxyfile

check-site: docs | deps-all ## the site in a browser: search with the keyboard, no page wider than a phone
	$(PYTEST) tests/site

check-guides: all | deps ## the programs of the guides against the mock, and the commands that pages show
	+$(call in,san,guides)
	$(NO_CREDENTIALS) $(PYTEST) tests/guides

check-demo: | deps ## the demo, plain and under valgrind
	$(MAKE) --no-print-directory demo
	$(MOCK) --scenario tests/examples/demo.scenario.json --exec valgrind -q --error-exitcode=9 --leak-check=full build/bin/demo

check-tsan: | deps ## unit tests under the thread sanitizer
	+$(call in,tsan,unit)

long-unit: | deps ## unit tests under the sanitizers, with many more random cases
	+EDGEBIND_LONG=1 TEST_SECONDS=1800 $(MAKE) --no-print-directory VARIANT=san unit

long-valgrind: | deps ## unit tests under valgrind
	+RUNNER='$(VALGRIND)' TEST_SECONDS=1800 $(MAKE) --no-print-directory unit

long-clang: | deps ## unit tests, built by clang
	+$(call in,clang,unit)

long-gcc-O3: | deps ## unit tests, built by gcc -O3
	+$(call in,gcc-O3,unit)

# Libraries for other processors are Debian's own, in build/debian/; tests/portability/ has what stands in for them.
I386  = build/debian/i386
S390X = build/debian/s390x

long-i386: | deps-all ## unit tests and vectors where a long and a pointer have 32 bits
	+$(Q)RUNNER='$(I386)/lib/ld-linux.so.2 --library-path $(I386)/lib/i386-linux-gnu:$(I386)/usr/lib/i386-linux-gnu' \
	    $(MAKE) --no-print-directory VARIANT=i386 unit vectors

long-s390x: | deps-all ## unit tests and vectors where bytes stand the other way round, on an emulated processor
	+$(Q)EDGEBIND_SHORT=1 RUNNER='qemu-s390x-static -L $(S390X)' \
	    $(MAKE) --no-print-directory VARIANT=s390x unit vectors

long-musl: | deps-all ## unit tests and vectors with musl instead of glibc, without libcurl and libcrypto
	+$(Q)EDGEBIND_SHORT=1 $(MAKE) --no-print-directory VARIANT=musl unit vectors

long-mingw: | deps-all ## codec, URL, canonical request and what else stands alone on Windows, under wine
	+$(Q)EDGEBIND_SHORT=1 WINEDEBUG=-all WINEPREFIX='$(CURDIR)/build/wine' RUNNER=/usr/lib/wine/wine64 \
	    $(MAKE) --no-print-directory VARIANT=mingw unit vectors

SECONDS ?= 60
fuzz long-fuzz: | deps ## each fuzzer for SECONDS (60); what it finds is kept in build/fuzz/found/
	+$(call in,fuzz,fuzz-each)
fuzz-each: $(FUZZERS)
	@tests/fuzz/run.sh $(SECONDS) $(B)/found $^

long-soak: | deps ## 100,000 calls with faults: nothing grows
	$(MAKE) --no-print-directory build/bin/soak
	$(MOCK) --exec build/bin/soak 100000 1800

check-parts: | deps ## without any part of the runtime that can be left out it compiles and works
	tests/packaging/vendor/parts.sh all

long-parts: | deps ## the same without each of them
	tests/packaging/vendor/parts.sh each

long-vendored: | deps ## vendored copies play the calls and programs of the small documents
	$(PY) tests/tools/golden.py --vendored

check-vendor: | deps ## vendored copies compile, link beside each other and run; their sizes
	tests/packaging/vendor/check.sh $(MOCK) --exec

check-abi: shared | deps-all ## the shared libraries are those of the last release, or add to them
	tests/packaging/abi.sh $(B)/lib

abi-baseline: shared | deps-all ## describe the ABI as it is now, for a release; see runtime/package/ABI.md
	tests/packaging/abi.sh $(B)/lib baseline

# A clean copy of what is committed, or would be: the same bytes for the same files.
DIST = build/dist/edgebind-$(VERSION)
dist: ## build/dist/edgebind-VERSION.tar.gz, the same bytes for the same files
	runtime/package/dist.sh $(DIST)

deb: dist | deps-all ## Debian packages into build/dist/
	runtime/package/deb.sh $(DIST)

check-deb: | deps-all ## Debian packages are built, clean, and what they install can be built against
	tests/packaging/deb.sh

check-packaging: | deps-all ## programs that find the library by pkg-config, CMake, Meson or none, built from outside
	tests/packaging/check.sh

.PHONY: corpus
corpus: $(LIB) | deps ## documents that people really use, from package registries: generated, compiled, round-tripped (wants npm)
	$(PY) tests/corpus/corpus.py $(LIB)

##@ Lint

CLANG_FORMAT = $(or $(shell command -v clang-format-14),clang-format)
C_FILES := $(wildcard runtime/*/*.[ch] runtime/*/*/*.[ch] tests/*/*.[ch])
PYTHON_TESTS := $(addprefix tests/,contract contract/faults generator cli mock/tests site guides man) # a run each: names recur
PYTHON  := generator/edgebind runtime/docs/tool tests/mock/edgebind_mock tests/tools tests/bench tests/corpus .ci

.PHONY: lint check-lint lint-c lint-format lint-python lint-refused format
lint check-lint: lint-format lint-refused lint-python lint-c ## all of the following

lint-format: | deps ## C is laid out as .clang-format says
	$(CLANG_FORMAT) --dry-run -Werror $(C_FILES)

lint-refused: ## no function we refuse, and no malloc outside memory.c
	tests/tools/refused.sh

lint-python: | deps ## ruff, and mypy --strict
	$(PY) -m ruff check $(PYTHON) tests runtime/package
	$(PY) -m mypy $(PYTHON)
	set -e; for folder in $(PYTHON_TESTS); do MYPYPATH=tests/contract $(PY) -m mypy $$folder/*.py; done

# One part that is defined: cppcheck looks at that configuration, the library's, and not at a dozen without some parts.
lint-c: | deps ## clang-tidy on the runtime, cppcheck on all C
	@printf '%s\n' $(RUNTIME) $(wildcard runtime/cli/*.c) | xargs -P 2 -I {} \
	    clang-tidy --quiet {} -- -std=c11 -D_POSIX_C_SOURCE=200809L $(INCLUDE_generated)
	cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr --enable=warning,performance,portability \
	    --suppress=missingIncludeSystem -DEB_PART_INVOKE=1 -j 2 \
	    $(INCLUDE_generated) $(RUNTIME) $(wildcard runtime/cli/*.c) $(wildcard tests/*/*.c)

format: ## lay out C as .clang-format says
	$(CLANG_FORMAT) -i $(C_FILES)

##@ Other

.PHONY: deps deps-all bench size install clean help
deps: ## install what is missing: packages through apt, Python into .venv
	@.ci/deps.sh

deps-all: ## and what only the long checks need
	@.ci/deps.sh all

bench: | deps ## time, allocations and size beside their targets
	+$(Q)$(MAKE) --no-print-directory $(BENCHES)
	$(PY) tests/bench/bench.py

# DESTDIR, PREFIX, LIBDIR and MANDIR say where to; SHARED=no leaves the shared libraries out.
install: all $(if $(filter no,$(SHARED)),,shared) ## libraries, headers, man pages, pkg-config and CMake files below PREFIX (/usr/local)
	DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' LIBDIR='$(LIBDIR)' MANDIR='$(MANDIR)' SHARED='$(SHARED)' AR='$(AR)' \
	    runtime/package/install.sh $(B)/lib $(VERSION) $(ABI) $(B)/bin/eb

size: ## bytes per object file, -Os
	@$(MAKE) --no-print-directory VARIANT=small all >/dev/null
	size -t build/small/lib/libedgebind.a

clean: ## remove build/
	rm -rf build

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z][^=]*:.*## / { split($$1, t, " "); printf "  %-16s %s\n", t[1], $$2 }' $(MAKEFILE_LIST)
