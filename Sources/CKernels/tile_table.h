// Functions for all tiles of a GEMM, by the half vectors of their panel and their pixels. `NAME` is the precision. A
// panel consists of whole vectors, or of half vectors where their number is odd: mixing both widths does not fill the
// processor's pipes.

#define CK_TILE_FUNCTION(NAME, VECTOR, vectors, pixels, half_vectors)                                     \
    static void NAME##_##pixels##_##half_vectors(                                                       \
        const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const void *weights,       \
        const int32_t *packed                                                                     \
    ) {                                                                                           \
        NAME##_##VECTOR##_tile(layer, pixel, channel, weights, packed, pixels, vectors);            \
    }

typedef void (*tile_function)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const void *weights,
    const int32_t *packed);

#define CK_TILES_TO_4(NAME, VECTOR, vectors, half_vectors)                                                \
    CK_TILE_FUNCTION(NAME, VECTOR, vectors, 1, half_vectors)                                              \
    CK_TILE_FUNCTION(NAME, VECTOR, vectors, 2, half_vectors)                                              \
    CK_TILE_FUNCTION(NAME, VECTOR, vectors, 3, half_vectors)                                              \
    CK_TILE_FUNCTION(NAME, VECTOR, vectors, 4, half_vectors)
#define CK_TILES_TO_6(NAME, VECTOR, vectors, half_vectors)                                                \
    CK_TILES_TO_4(NAME, VECTOR, vectors, half_vectors)                                                    \
    CK_TILE_FUNCTION(NAME, VECTOR, vectors, 5, half_vectors)                                              \
    CK_TILE_FUNCTION(NAME, VECTOR, vectors, 6, half_vectors)
#define CK_NAMES_TO_4(NAME, half_vectors)                                                               \
    0, NAME##_1_##half_vectors, NAME##_2_##half_vectors, NAME##_3_##half_vectors, NAME##_4_##half_vectors
#define CK_NAMES_TO_6(NAME, half_vectors)                                                               \
    CK_NAMES_TO_4(NAME, half_vectors), NAME##_5_##half_vectors, NAME##_6_##half_vectors

#if CK_TILE >= 8
#define CK_TILES_TO_8(NAME, VECTOR, vectors, half_vectors)                                                \
    CK_TILES_TO_6(NAME, VECTOR, vectors, half_vectors)                                                    \
    CK_TILE_FUNCTION(NAME, VECTOR, vectors, 7, half_vectors)                                              \
    CK_TILE_FUNCTION(NAME, VECTOR, vectors, 8, half_vectors)
#define CK_NAMES_TO_8(NAME, half_vectors)                                                               \
    CK_NAMES_TO_6(NAME, half_vectors), NAME##_7_##half_vectors, NAME##_8_##half_vectors
#endif

#if CK_TILE == 12
#define CK_TILES_TO_12(NAME, VECTOR, vectors, half_vectors)                                               \
    CK_TILES_TO_8(NAME, VECTOR, vectors, half_vectors)                                                    \
    CK_TILE_FUNCTION(NAME, VECTOR, vectors, 9, half_vectors)                                              \
    CK_TILE_FUNCTION(NAME, VECTOR, vectors, 10, half_vectors)                                             \
    CK_TILE_FUNCTION(NAME, VECTOR, vectors, 11, half_vectors)                                             \
    CK_TILE_FUNCTION(NAME, VECTOR, vectors, 12, half_vectors)
#define CK_NAMES_TO_12(NAME, half_vectors)                                                              \
    CK_NAMES_TO_8(NAME, half_vectors), NAME##_9_##half_vectors, NAME##_10_##half_vectors, NAME##_11_##half_vectors,       \
        NAME##_12_##half_vectors
#define CK_TILE_TABLE(NAME)                                                                       \
    CK_TILES_TO_12(NAME, half_vec, 1, 1)                                                          \
    CK_TILES_TO_12(NAME, vec, 1, 2)                                                               \
    CK_TILES_TO_8(NAME, half_vec, 3, 3)                                                           \
    CK_TILES_TO_12(NAME, vec, 2, 4)                                                               \
    CK_TILES_TO_8(NAME, vec, 3, 6)                                                                \
    static const tile_function NAME##_tiles[7][13] = {                                            \
        {0},                                                                                      \
        {CK_NAMES_TO_12(NAME, 1)},                                                                \
        {CK_NAMES_TO_12(NAME, 2)},                                                                \
        {CK_NAMES_TO_8(NAME, 3)},                                                                 \
        {CK_NAMES_TO_12(NAME, 4)},                                                                \
        {0},                                                                                      \
        {CK_NAMES_TO_8(NAME, 6)},                                                                 \
    };
static const ptrdiff_t largest_tile[7] = {0, 12, 12, 8, 12, 0, 8};
#elif CK_TILE == 8
// Of 32 registers, 16 or 18 hold sums; the pixels' inputs and a step's weights take most of the rest.
#define CK_TILE_TABLE(NAME)                                                                       \
    CK_TILES_TO_8(NAME, vec, 1, 2)                                                                \
    CK_TILES_TO_8(NAME, vec, 2, 4)                                                                \
    CK_TILES_TO_6(NAME, vec, 3, 6)                                                                \
    static const tile_function NAME##_tiles[7][9] = {                                             \
        {0}, {0}, {CK_NAMES_TO_8(NAME, 2)}, {0}, {CK_NAMES_TO_8(NAME, 4)}, {0},                   \
        {CK_NAMES_TO_6(NAME, 6)},                                                                 \
    };
static const ptrdiff_t largest_tile[7] = {0, 0, 8, 0, 8, 0, 6};
#else
#define CK_TILE_TABLE(NAME)                                                                       \
    CK_TILES_TO_6(NAME, vec, 1, 2)                                                                \
    CK_TILES_TO_6(NAME, vec, 2, 4)                                                                \
    CK_TILES_TO_4(NAME, vec, 3, 6)                                                                \
    static const tile_function NAME##_tiles[7][7] = {                                             \
        {0}, {0}, {CK_NAMES_TO_6(NAME, 2)}, {0}, {CK_NAMES_TO_6(NAME, 4)}, {0},                   \
        {CK_NAMES_TO_4(NAME, 6)},                                                                 \
    };
static const ptrdiff_t largest_tile[7] = {0, 0, 6, 0, 6, 0, 4};
#endif
