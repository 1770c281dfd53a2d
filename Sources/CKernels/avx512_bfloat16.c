// Additional kernels for AVX-512 with bfloat16 dot products (AVX512_BF16).
#include "CKernels.h"
#include "sets.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "avx512.h"

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512bf16,fma"))),                 \
    apply_to = function)
#include "vector.h"

#include "activation.h"

#include "tile_table.h"

#include "bfloat16.h"

void ck_fill_avx512_bfloat16(ck_table *table) { table->bfloat16 = lowp_kernels; }
#pragma clang attribute pop

#endif
