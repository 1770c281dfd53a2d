// Transposition of a square of vectors: rows become columns.

#if defined(__x86_64__) && CK_WIDTH == 16

// Transposes within quarters first, then whole quarters: a shuffle across quarters needs a register for its pattern.
CK_INLINE void transpose_quarters(__m512 *four) {
    __m512d low_a = (__m512d)_mm512_unpacklo_ps(four[0], four[1]);
    __m512d high_a = (__m512d)_mm512_unpackhi_ps(four[0], four[1]);
    __m512d low_b = (__m512d)_mm512_unpacklo_ps(four[2], four[3]);
    __m512d high_b = (__m512d)_mm512_unpackhi_ps(four[2], four[3]);
    four[0] = (__m512)_mm512_unpacklo_pd(low_a, low_b);
    four[1] = (__m512)_mm512_unpackhi_pd(low_a, low_b);
    four[2] = (__m512)_mm512_unpacklo_pd(high_a, high_b);
    four[3] = (__m512)_mm512_unpackhi_pd(high_a, high_b);
}

CK_INLINE void transpose(vec *square) {
    CK_UNROLL for (int i = 0; i < 16; i += 4) { transpose_quarters((__m512 *)square + i); }
    CK_UNROLL for (int i = 0; i < 4; i++) {
        __m512 a = (__m512)square[i], b = (__m512)square[i + 4];
        __m512 c = (__m512)square[i + 8], d = (__m512)square[i + 12];
        __m512 even_ab = _mm512_shuffle_f32x4(a, b, 0x88), odd_ab = _mm512_shuffle_f32x4(a, b, 0xdd);
        __m512 even_cd = _mm512_shuffle_f32x4(c, d, 0x88), odd_cd = _mm512_shuffle_f32x4(c, d, 0xdd);
        square[i] = (vec)_mm512_shuffle_f32x4(even_ab, even_cd, 0x88);
        square[i + 4] = (vec)_mm512_shuffle_f32x4(odd_ab, odd_cd, 0x88);
        square[i + 8] = (vec)_mm512_shuffle_f32x4(even_ab, even_cd, 0xdd);
        square[i + 12] = (vec)_mm512_shuffle_f32x4(odd_ab, odd_cd, 0xdd);
    }
}

#else

CK_INLINE vec interleave_low(vec a, vec b) {
    vec result;
    result.even = a.lo;
    result.odd = b.lo;
    return result;
}

CK_INLINE vec interleave_high(vec a, vec b) {
    vec result;
    result.even = a.hi;
    result.odd = b.hi;
    return result;
}

// Transposes by log₂(rows) rounds of interleaving.
CK_INLINE void transpose(vec *square) {
    CK_UNROLL for (int round = 1; round < CK_WIDTH; round *= 2) {
        vec transposed[CK_WIDTH];
        CK_UNROLL for (int i = 0; i < CK_WIDTH / 2; i++) {
            transposed[2 * i] = interleave_low(square[i], square[i + CK_WIDTH / 2]);
            transposed[2 * i + 1] = interleave_high(square[i], square[i + CK_WIDTH / 2]);
        }
        CK_UNROLL for (int i = 0; i < CK_WIDTH; i++) { square[i] = transposed[i]; }
    }
}

#endif
