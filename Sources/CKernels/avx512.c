// The kernels for AVX-512: sixteen floats, thirty-two registers.
#include "CKernels.h"
#include "sets.h"

#if defined(__x86_64__)

#define CK_WIDTH 16
#define CK_TILE 12
#define CK_PADDING (CK_WIDTH / 2)
#define CK_NAME "avx512"
#define CK_FILL ck_fill_avx512
#define CK_REGISTER "v"

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma"))), apply_to = function)
#include "bodies.h"
#pragma clang attribute pop

#endif
