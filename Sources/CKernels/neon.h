// Four floats, thirty-two registers; products take one lane of a vector of inputs.
#define CK_WIDTH 4
#define CK_TILE 8
#define CK_SPARE 0
#define CK_LANES
#define CK_PADDING CK_WIDTH
#define CK_REGISTER "w"
