/* poll.h -- for compiling against Windows: nothing here waits. */
#include <winsock2.h>
#define poll WSAPoll
