#ifndef CK_MEMORY_H
#define CK_MEMORY_H

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

/// Gives memory that was freed back to the system, where the C library can.
///
/// A large array that is freed once makes glibc keep all later ones like it: without this, what a plan was packed
/// from would count for as long as the plan is used.
static inline void ck_return_freed_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

/// Lets the C library share out memory from so many pools at most, where it has any.
///
/// By default glibc grows to eight pools a processor, one for each of as many threads, and what a thread that has ended
/// freed in its pool is of little use to the others.
static inline void ck_limit_memory_pools(int pools) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, pools);
#else
    (void)pools;
#endif
}

#endif
