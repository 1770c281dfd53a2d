// Tensors, gradients, shape and indexing.

#ifdef CTORCH_ENABLED

#include "Common.h"

#include <ATen/core/grad_mode.h>

namespace ct {

static at::ScalarType scalar(ct_type type) {
    switch (type) {
    case ct_float32: return at::kFloat;
    case ct_float64: return at::kDouble;
    case ct_bfloat16: return at::kBFloat16;
    case ct_int64: return at::kLong;
    case ct_uint8: return at::kByte;
    }
    TORCH_CHECK(false, "unknown element type: ", int(type));
}

static ct_type type_of(const ct_tensor *x) {
    switch (x->value.scalar_type()) {
    case at::kDouble: return ct_float64;
    case at::kBFloat16: return ct_bfloat16;
    case at::kLong: return ct_int64;
    case at::kByte: return ct_uint8;
    default: return ct_float32;
    }
}

static at::Device place(int device) { return device < 0 ? at::Device(at::kCPU) : at::Device(at::kCUDA, device); }

static ct_tensor *from_bytes(const void *bytes, ct_type type, const int64_t *dims, int rank, int device) {
    return made([&] {
        auto lent = at::from_blob(const_cast<void *>(bytes), at::IntArrayRef(dims, rank), at::dtype(scalar(type)));
        return device < 0 ? lent.clone() : lent.to(place(device));
    });
}

static bool read_bytes(const ct_tensor *x, ct_type type, void *into, int64_t count) {
    return done([&] {
        TORCH_CHECK(x->value.numel() == count, "asked for ", count, " numbers of ", x->value.numel());
        at::from_blob(into, x->value.sizes(), at::dtype(scalar(type))).copy_(x->value.detach());
    });
}

static void release(ct_tensor *x) { delete x; }

static int rank(const ct_tensor *x) { return int(x->value.dim()); }

static void dims(const ct_tensor *x, int64_t *into) {
    for (int64_t side : x->value.sizes()) *into++ = side;
}

static ct_tensor *as(const ct_tensor *x, ct_type type, bool channels_last) {
    return made([&] {
        bool maps = channels_last && x->value.dim() == 4;
        auto format = maps ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Preserve;
        return x->value.to(scalar(type), false, false, format);
    });
}

static ct_tensor *copy(const ct_tensor *x) {
    return made([&] { return x->value.detach().clone(); });
}

static bool assign(ct_tensor *to, const ct_tensor *from) {
    return done([&] {
        at::NoGradGuard off;
        to->value.copy_(from->value);
    });
}

static bool require_gradient(ct_tensor *x, bool required) {
    return done([&] { x->value.requires_grad_(required); });
}

static ct_tensor *gradient(const ct_tensor *x) {
    return x->value.grad().defined() ? made([&] { return x->value.grad(); }) : nullptr;
}

static bool backward(const ct_tensor *scalar) {
    return done([&] { scalar->value.backward(); });
}

static bool clear_gradients(ct_list list, int count) {
    return done([&] {
        for (int index = 0; index < count; index++) list[index]->value.mutable_grad().reset();
    });
}

static ct_tensor *reshape(const ct_tensor *x, const int64_t *dims, int rank) {
    return made([&] { return x->value.reshape(at::IntArrayRef(dims, rank)); });
}

static ct_tensor *permute(const ct_tensor *x, const int64_t *order, int rank) {
    return made([&] { return x->value.permute(at::IntArrayRef(order, rank)); });
}

static ct_tensor *narrow(const ct_tensor *x, int dimension, int64_t first, int64_t count) {
    return made([&] { return x->value.narrow(dimension, first, count); });
}

static ct_tensor *concatenate(ct_list list, int count, int dimension) {
    return made([&] { return at::cat(values(list, count), dimension); });
}

static ct_tensor *select(const ct_tensor *x, const ct_tensor *rows) {
    return made([&] { return x->value.index_select(0, rows->value); });
}

void fill_tensors(ct_face &face) {
    face.from_bytes = from_bytes;
    face.read_bytes = read_bytes;
    face.release = release;
    face.rank = rank;
    face.dims = dims;
    face.type = type_of;
    face.as = as;
    face.copy = copy;
    face.assign = assign;
    face.require_gradient = require_gradient;
    face.gradient = gradient;
    face.backward = backward;
    face.clear_gradients = clear_gradients;
    face.reshape = reshape;
    face.permute = permute;
    face.narrow = narrow;
    face.concatenate = concatenate;
    face.select = select;
}

} // namespace ct

#endif
