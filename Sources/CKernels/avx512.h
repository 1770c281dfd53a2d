// Parameters of AVX-512: sixteen floats to a vector, thirty-two registers.
#define CK_WIDTH 16
#define CK_TILE 12
#define CK_SPARE 6
#define CK_PADDING (CK_WIDTH / 2)
#define CK_NAME "avx512"
#define CK_REGISTER "v"
