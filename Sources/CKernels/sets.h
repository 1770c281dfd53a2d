// Functions of the instruction sets' files that fill a table, for the dispatch.
#pragma once

#include "CKernels.h"

void ck_fill_portable(ck_table *_Nonnull table);
void ck_fill_neon(ck_table *_Nonnull table);
void ck_fill_avx2(ck_table *_Nonnull table);
void ck_fill_avx512(ck_table *_Nonnull table);
// These replace some kernels of the set before.
void ck_fill_neon_dotprod(ck_table *_Nonnull table);
void ck_fill_avx512_bfloat16(ck_table *_Nonnull table);
void ck_fill_avx512_vnni(ck_table *_Nonnull table);
