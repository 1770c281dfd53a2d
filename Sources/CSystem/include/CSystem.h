#ifndef CSYSTEM_H
#define CSYSTEM_H

// Calls of the C library and of Linux that Swift cannot import.

#include <stdint.h>

/// Bytes received on a TCP connection since it began, read or not. 0 for any other file, and before Linux 4.1.
uint64_t cs_bytes_received(int file);

/// Ends a TCP connection for every holder of the descriptor; unsent data is dropped when the last one closes it.
void cs_reset(int file);

/// Returns freed memory to the system, where the C library can.
///
/// Freeing one large array makes glibc keep all later arrays of that size: without this call, the source of a packed
/// plan would count as the program's memory for as long as the plan lives.
void cs_return_freed_memory(void);

/// Limits the number of glibc's malloc arenas.
///
/// By default glibc grows to eight arenas a processor, one for each of as many threads, and memory freed by a thread
/// that has ended is of little use to other arenas.
void cs_limit_memory_arenas(int arenas);

#endif
