/* arpa/inet.h -- for compiling against Windows: inet_pton is its. */
#include <winsock2.h>
#include <ws2tcpip.h>
