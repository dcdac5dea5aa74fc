# Variants without libcurl and libcrypto: VARIANT=musl (musl-gcc) and VARIANT=mingw (for Windows; programs run under
# wine). tests/portability/doubles.c stands in for both; cJSON and Check are built from Debian's sources, since there
# is no package of either. Included by the Makefile for these two variants.

SOURCES  := build/debian/source
INCLUDED := $(B)/include

CC_musl  = musl-gcc
CC_mingw = x86_64-w64-mingw32-gcc-posix
AR      := $(if $(filter mingw,$(VARIANT)),x86_64-w64-mingw32-ar,$(AR))

program  = $(B)/bin/$(2)$(subst _,-,$(basename $(notdir $(1))))$(if $(filter mingw,$(VARIANT)),.exe)

# What Windows does not have: windows.c and the headers of windows/. Its headers' isfinite converts to float, its sockets
# are no int, its write takes no size_t; and gcc holds formats against an older printf than _POSIX_C_SOURCE brings.
WINDOWS   = -Itests/portability/windows -DEDQUOT=ENOSPC -DO_CLOEXEC=O_NOINHERIT -Wno-conversion -Wno-float-conversion \
            -Wno-sign-conversion -Wno-format
CPPFLAGS += -I$(INCLUDED) $(if $(filter mingw,$(VARIANT)),$(WINDOWS))

REPLACED    := transport_curl crypto_openssl $(if $(filter mingw,$(VARIANT)),cancel source)
OWN_DOUBLES := tests/portability/doubles.c $(if $(filter mingw,$(VARIANT)),tests/portability/windows.c)
CJSON       := $(SOURCES)/cjson/cJSON.c
RUNTIME     := $(filter-out $(REPLACED:%=runtime/src/%.c),$(RUNTIME)) $(OWN_DOUBLES) $(CJSON)

LIBCHECK := $(B)/check/src/libcheck.a
LIBS     := -lm -pthread $(if $(filter mingw,$(VARIANT)),-lws2_32 -static)
CHECK     = $(LIBCHECK)

# Tests of the network, of threads and options that use it, and of libcrypto's failures have nothing to stand on; on
# Windows neither have those of pipes, files and POSIX locales.
NETWORK      := $(shell grep -l '"server.h"' $(UNIT_SOURCES))
UNIT_SOURCES := $(filter-out $(NETWORK) $(patsubst %,tests/unit/test_%.c,crypto client \
    $(if $(filter mingw,$(VARIANT)),cancel credentials limiter link quota sink source token value)),$(UNIT_SOURCES))

$(B)/obj/flags: $(INCLUDED)/made $(LIBCHECK)
$(INCLUDED)/made:
	@mkdir -p $(INCLUDED)/cjson
	@ln -sfn '$(CURDIR)/$(SOURCES)/cjson/cJSON.h' $(INCLUDED)/cjson/cJSON.h
	@touch $@

$(LIBCHECK):
	@mkdir -p $(B)/check $(INCLUDED)
	cmake -S $(SOURCES)/check -B $(B)/check -G Ninja -DCMAKE_C_COMPILER=$(CC_$(VARIANT)) \
	    $(if $(filter mingw,$(VARIANT)),-DCMAKE_SYSTEM_NAME=Windows) -DCMAKE_C_FLAGS=-w -DCHECK_ENABLE_TESTS=OFF \
	    -DCHECK_ENABLE_SUBUNIT=OFF -DCHECK_ENABLE_GCOV=OFF -DCHECK_INSTALL=OFF -DCMAKE_FIND_ROOT_PATH=/nowhere \
	    -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY >$(B)/check.log
	cmake --build $(B)/check >>$(B)/check.log
	@ln -sfn '$(CURDIR)/$(B)/check/src/check.h' $(INCLUDED)/check.h
	@ln -sfn '$(CURDIR)/$(B)/check/check_stdint.h' $(INCLUDED)/check_stdint.h
