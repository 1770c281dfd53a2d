#ifndef CSOCKETS_H
#define CSOCKETS_H

#include <stdint.h>

/// Bytes that have come on a TCP connection since it began, read or not; 0 where it is none, or Linux is older than 4.1.
uint64_t cs_bytes_received(int file);

/// Ends a TCP connection for all who hold it; once the last of them closes it, what has not been sent is dropped.
void cs_reset(int file);

#endif
