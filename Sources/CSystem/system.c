#include "CSystem.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

uint64_t cs_bytes_received(int file) {
    struct tcp_info info = {0};
    socklen_t length = sizeof info;
    return getsockopt(file, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 ? info.tcpi_bytes_received : 0;
}

void cs_reset(int file) {
    const struct linger abrupt = {.l_onoff = 1, .l_linger = 0};
    setsockopt(file, SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
    shutdown(file, SHUT_RDWR);
}

void cs_return_freed_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void cs_limit_memory_arenas(int arenas) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, arenas);
#else
    (void)arenas;
#endif
}
