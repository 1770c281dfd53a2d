// Functions for all tiles of a product, by the half vectors of their panel and their pixels. `NAME` is the kind of
// numbers; a panel is `pieces` vectors, or halves of one where their number is odd: multiply-adds of both widths side
// by side do not fill the processor's pipes.

#define CK_TILE_FUNCTION(NAME, PIECE, pieces, pixels, halves)                                     \
    static void NAME##_##pixels##_##halves(                                                       \
        const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const void *weights,       \
        const int32_t *packed                                                                     \
    ) {                                                                                           \
        NAME##_##PIECE##_tile(layer, pixel, channel, weights, packed, pixels, pieces);            \
    }

typedef void (*tile_function)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const void *weights,
    const int32_t *packed);

#define CK_TILES_TO_4(NAME, PIECE, pieces, halves)                                                \
    CK_TILE_FUNCTION(NAME, PIECE, pieces, 1, halves)                                              \
    CK_TILE_FUNCTION(NAME, PIECE, pieces, 2, halves)                                              \
    CK_TILE_FUNCTION(NAME, PIECE, pieces, 3, halves)                                              \
    CK_TILE_FUNCTION(NAME, PIECE, pieces, 4, halves)
#define CK_TILES_TO_6(NAME, PIECE, pieces, halves)                                                \
    CK_TILES_TO_4(NAME, PIECE, pieces, halves)                                                    \
    CK_TILE_FUNCTION(NAME, PIECE, pieces, 5, halves)                                              \
    CK_TILE_FUNCTION(NAME, PIECE, pieces, 6, halves)
#define CK_NAMES_TO_4(NAME, halves)                                                               \
    0, NAME##_1_##halves, NAME##_2_##halves, NAME##_3_##halves, NAME##_4_##halves
#define CK_NAMES_TO_6(NAME, halves)                                                               \
    CK_NAMES_TO_4(NAME, halves), NAME##_5_##halves, NAME##_6_##halves

#if CK_TILE >= 8
#define CK_TILES_TO_8(NAME, PIECE, pieces, halves)                                                \
    CK_TILES_TO_6(NAME, PIECE, pieces, halves)                                                    \
    CK_TILE_FUNCTION(NAME, PIECE, pieces, 7, halves)                                              \
    CK_TILE_FUNCTION(NAME, PIECE, pieces, 8, halves)
#define CK_NAMES_TO_8(NAME, halves)                                                               \
    CK_NAMES_TO_6(NAME, halves), NAME##_7_##halves, NAME##_8_##halves
#endif

#if CK_TILE == 12
#define CK_TILES_TO_12(NAME, PIECE, pieces, halves)                                               \
    CK_TILES_TO_8(NAME, PIECE, pieces, halves)                                                    \
    CK_TILE_FUNCTION(NAME, PIECE, pieces, 9, halves)                                              \
    CK_TILE_FUNCTION(NAME, PIECE, pieces, 10, halves)                                             \
    CK_TILE_FUNCTION(NAME, PIECE, pieces, 11, halves)                                             \
    CK_TILE_FUNCTION(NAME, PIECE, pieces, 12, halves)
#define CK_NAMES_TO_12(NAME, halves)                                                              \
    CK_NAMES_TO_8(NAME, halves), NAME##_9_##halves, NAME##_10_##halves, NAME##_11_##halves,       \
        NAME##_12_##halves
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
// Of 32 registers, 16 or 18 hold sums, so many pixels' inputs and a step's weights most of the rest.
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
