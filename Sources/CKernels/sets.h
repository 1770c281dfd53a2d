// What each instruction set's file offers to the dispatch.
#pragma once

#include "CKernels.h"

void ck_fill_portable(ck_table *_Nonnull table);
void ck_fill_neon(ck_table *_Nonnull table);
void ck_fill_avx2(ck_table *_Nonnull table);
void ck_fill_avx512(ck_table *_Nonnull table);
// These add to what the set before has.
void ck_fill_neon_dotprod(ck_table *_Nonnull table);
void ck_fill_avx512_bfloat16(ck_table *_Nonnull table);
void ck_fill_avx512_vnni(ck_table *_Nonnull table);
