// Parameters of NEON: four floats to a vector, thirty-two registers, multiply-adds by one lane of a vector.
#define CK_WIDTH 4
#define CK_TILE 8
#define CK_SPARE 0
#define CK_LANES
#define CK_PADDING CK_WIDTH
#define CK_REGISTER "w"
