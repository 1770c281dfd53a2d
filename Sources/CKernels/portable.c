// Kernels for any processor: four floats to a vector, which every 64-bit target has registers for.
#include "CKernels.h"
#include "sets.h"

#define CK_WIDTH 4
#define CK_TILE 6
#define CK_SPARE 0
#define CK_PADDING CK_WIDTH
#define CK_NAME "portable"
#define CK_FILL ck_fill_portable
#if defined(__x86_64__)
#define CK_REGISTER "x"
#elif defined(__aarch64__)
#define CK_REGISTER "w"
#else
#define CK_REGISTER "m"
#endif

// Multiplies both numbers of a step, each widened to 32 bits.
#define CK_INTEGER_DOT(sums, weights, inputs)                                                     \
    ((sums) + ((weights) << 16 >> 16) * ((inputs) << 16 >> 16)                                    \
     + ((weights) >> 16) * ((inputs) >> 16))

#include "bodies.h"
