// Operations of a graph.

#ifdef CTORCH_ENABLED

#include "Common.h"

namespace ct {

// Folds stored statistics into a convolution: weight * k, shift - mean * k, with k = scale / deviation. Gradients pass
// to all trained tensors.
static std::pair<at::Tensor, at::Tensor> folded(const ct_convolution &layer) {
    auto weight = layer.weight->value;
    auto bias = optional(layer.bias);
    if (!layer.norm || layer.norm->is_live) return {weight, bias};
    const ct_norm &norm = *layer.norm;
    auto factor = norm.scale->value * (norm.variance->value + norm.epsilon).rsqrt();
    auto mean = bias.defined() ? norm.mean->value - bias : norm.mean->value;
    return {weight * factor.view({-1, 1, 1, 1}), norm.shift->value - mean * factor};
}

static at::Tensor normalized(const at::Tensor &x, const ct_norm &norm) {
    return at::batch_norm(
        x, norm.scale->value, norm.shift->value, norm.mean->value, norm.variance->value, norm.is_live,
        norm.momentum, norm.epsilon, false);
}

static ct_tensor *convolution(const ct_tensor *input, const ct_convolution *layer) {
    return made([&] {
        const auto &x = input->value;
        auto [weight, bias] = folded(*layer);
        int64_t stride = layer->stride, padding = layer->padding;
        bool is_depthwise = layer->groups > 1 && layer->groups == x.size(1) && weight.size(0) == layer->groups;
        at::Tensor y;
        if (is_depthwise) {
            y = depthwise(layer->depthwise, x, weight, bias, stride, padding);
        } else {
            if (bias.defined()) bias = bias.to(x.scalar_type());
            y = at::conv2d(
                x, weight.to(x.scalar_type()), bias, {stride, stride}, at::IntArrayRef{padding, padding}, {1, 1},
                layer->groups);
        }
        if (layer->norm && layer->norm->is_live) y = normalized(y, *layer->norm);
        return layer->is_rectified ? at::relu_(y) : y;
    });
}

static ct_tensor *normalize(const ct_tensor *x, const ct_norm *norm) {
    return made([&] { return normalized(x->value, *norm); });
}

static ct_tensor *relu(const ct_tensor *x) {
    return made([&] { return at::relu(x->value); });
}

static ct_tensor *sigmoid(const ct_tensor *x) {
    return made([&] { return at::sigmoid(x->value); });
}

static ct_tensor *max_pool(const ct_tensor *x, int kernel, int stride, int padding) {
    return made([&] {
        return at::max_pool2d(x->value, {kernel, kernel}, {stride, stride}, {padding, padding});
    });
}

static ct_tensor *average_pool(const ct_tensor *x, int kernel, int stride, int padding) {
    return made([&] {
        return at::avg_pool2d(x->value, {kernel, kernel}, {stride, stride}, {padding, padding});
    });
}

static ct_tensor *global_average(const ct_tensor *x) {
    return made([&] { return x->value.mean({2, 3}, true); });
}

static ct_tensor *upsample(const ct_tensor *x, const ct_tensor *like) {
    return made([&] {
        return at::upsample_nearest2d(x->value, {like->value.size(2), like->value.size(3)});
    });
}

// Works on rows of values, or at every position of a map.
static ct_tensor *dense(const ct_tensor *input, const ct_tensor *weight, const ct_tensor *bias) {
    return made([&] {
        const auto &x = input->value;
        auto matrix = weight->value.to(x.scalar_type());
        auto shift = bias->value.to(x.scalar_type());
        if (x.dim() != 4) return at::linear(x, matrix, shift);
        return at::linear(x.permute({0, 2, 3, 1}), matrix, shift).permute({0, 3, 1, 2});
    });
}

static ct_tensor *pool_regions(const ct_tensor *map, const ct_tensor *regions, const ct_region_pool *pool) {
    return made([&] { return region_pool(map->value, regions->value, *pool); });
}

void fill_layers(ct_face &face) {
    face.convolution = convolution;
    face.normalize = normalize;
    face.relu = relu;
    face.sigmoid = sigmoid;
    face.max_pool = max_pool;
    face.average_pool = average_pool;
    face.global_average = global_average;
    face.upsample = upsample;
    face.dense = dense;
    face.region_pool = pool_regions;
}

} // namespace ct

#endif
