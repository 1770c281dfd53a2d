#ifndef THUNDERLINE_CALLOCATIONS_H
#define THUNDERLINE_CALLOCATIONS_H

/// Whether allocations are counted: not under sanitizers, which bring their own allocator.
int tl_allocations_are_counted(void);

/// How often the calling thread has allocated memory so far.
long tl_allocations_on_this_thread(void);

/// Bytes that the whole program has allocated and not freed; 0 under sanitizers.
long tl_bytes_in_use(void);

#endif
