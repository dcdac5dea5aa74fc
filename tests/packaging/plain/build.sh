#!/bin/sh
# No build system: the sources of the runtime and of one API beside the program's own.
exec "${CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -Iinclude -o consumer ./*.c -lcurl -lcrypto -lcjson -lm -pthread
