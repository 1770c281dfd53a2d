// Channel splitting and shuffling, as in every unit of ShuffleNetV2.

#ifdef CTORCH_ENABLED

#include "Common.h"

#include <ATen/Parallel.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>

namespace ct {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

// True for channels-last maps with a constant distance between pixels and no gaps between rows and images.
bool is_pixelwise(const at::Tensor &x) {
    int64_t step = x.stride(3);
    return x.device().is_cpu() && x.stride(1) == 1 && x.stride(2) == step * x.size(3)
        && x.stride(0) == step * x.size(3) * x.size(2);
}

// Calls the body with ranges of pixels, on several threads.
template <class Body>
void for_pixels(const at::Tensor &x, Body body) {
    at::parallel_for(0, x.size(0) * x.size(2) * x.size(3), 512, body);
}

template <class Element>
void join(const at::Tensor &a, const at::Tensor &b, at::Tensor &to) {
    auto left = static_cast<const Element *>(a.data_ptr()), right = static_cast<const Element *>(b.data_ptr());
    auto out = static_cast<Element *>(to.data_ptr());
    int64_t count = a.size(1), step = a.stride(3), other = b.stride(3);
    for_pixels(a, [=](int64_t first, int64_t last) {
        for (int64_t pixel = first; pixel < last; pixel++) {
            const Element *even = left + pixel * step, *odd = right + pixel * other;
            Element *place = out + 2 * pixel * count;
            for (int64_t channel = 0; channel < count; channel++) {
                place[2 * channel] = even[channel];
                place[2 * channel + 1] = odd[channel];
            }
        }
    });
}

template <class Element>
void part(const at::Tensor &from, at::Tensor &a, at::Tensor &b) {
    auto in = static_cast<const Element *>(from.data_ptr());
    auto left = static_cast<Element *>(a.data_ptr()), right = static_cast<Element *>(b.data_ptr());
    int64_t count = a.size(1);
    for_pixels(a, [=](int64_t first, int64_t last) {
        for (int64_t pixel = first; pixel < last; pixel++) {
            const Element *place = in + 2 * pixel * count;
            Element *even = left + pixel * count, *odd = right + pixel * count;
            for (int64_t channel = 0; channel < count; channel++) {
                even[channel] = place[2 * channel];
                odd[channel] = place[2 * channel + 1];
            }
        }
    });
}

at::Tensor joined(const at::Tensor &a, const at::Tensor &b) {
    int64_t n = a.size(0), c = a.size(1), h = a.size(2), w = a.size(3);
    bool is_fast = is_pixelwise(a) && is_pixelwise(b) && a.scalar_type() == b.scalar_type();
    if (!is_fast) return at::stack({a, b}, 2).reshape({n, 2 * c, h, w});
    auto result = at::empty({n, 2 * c, h, w}, a.options().memory_format(at::MemoryFormat::ChannelsLast));
    switch (a.element_size()) {
    case 2: join<uint16_t>(a, b, result); break;
    case 4: join<uint32_t>(a, b, result); break;
    default: join<uint64_t>(a, b, result); break;
    }
    return result;
}

std::pair<at::Tensor, at::Tensor> parted(const at::Tensor &x) {
    int64_t n = x.size(0), c = x.size(1) / 2, h = x.size(2), w = x.size(3);
    if (!x.device().is_cpu()) {
        auto pairs = x.reshape({n, c, 2, h, w});
        return {pairs.select(2, 0), pairs.select(2, 1)};
    }
    auto whole = x.contiguous(at::MemoryFormat::ChannelsLast);
    auto options = whole.options().memory_format(at::MemoryFormat::ChannelsLast);
    auto a = at::empty({n, c, h, w}, options), b = at::empty({n, c, h, w}, options);
    switch (whole.element_size()) {
    case 2: part<uint16_t>(whole, a, b); break;
    case 4: part<uint32_t>(whole, a, b); break;
    default: part<uint64_t>(whole, a, b); break;
    }
    return {a, b};
}

// Concatenation and shuffle of two groups in one step: even channels from the first map, odd ones from the second.
struct Interleaved : torch::autograd::Function<Interleaved> {
    static at::Tensor forward(AutogradContext *, const at::Tensor &a, const at::Tensor &b) {
        at::AutoDispatchBelowADInplaceOrView below;
        return joined(a, b);
    }

    static variable_list backward(AutogradContext *, variable_list gradients) {
        auto [a, b] = parted(gradients[0]);
        return {a, b};
    }
};

// Moves between two maps and the halves of their interleaved channels; `Backwards` from the halves to the maps.
template <class Element, bool Backwards>
void move_halves(const std::array<at::Tensor, 4> &maps) {
    int64_t count = maps[0].size(1), pairs = count / 2, odd = count % 2;
    std::array<Element *, 4> data;
    std::array<int64_t, 4> steps;
    for (int map = 0; map < 4; map++) {
        data[map] = static_cast<Element *>(maps[map].data_ptr());
        steps[map] = maps[map].stride(3);
    }
    auto move = [](Element &map, Element &half) {
        if (Backwards) map = half;
        else half = map;
    };
    for_pixels(maps[0], [=](int64_t begin, int64_t end) {
        for (int64_t pixel = begin; pixel < end; pixel++) {
            Element *a = data[0] + pixel * steps[0], *b = data[1] + pixel * steps[1];
            Element *first = data[2] + pixel * steps[2], *second = data[3] + pixel * steps[3];
            for (int64_t pair = 0; pair < pairs; pair++) {
                move(a[pair], first[2 * pair]);
                move(b[pair], first[2 * pair + 1]);
            }
            // With an odd count the boundary divides a pair.
            if (odd) {
                move(a[pairs], first[count - 1]);
                move(b[pairs], second[0]);
            }
            for (int64_t pair = 0; pair < pairs; pair++) {
                move(a[pairs + odd + pair], second[odd + 2 * pair]);
                move(b[pairs + odd + pair], second[odd + 2 * pair + 1]);
            }
        }
    });
}

template <bool Backwards>
void move_halves(const std::array<at::Tensor, 4> &maps) {
    switch (maps[0].element_size()) {
    case 2: return move_halves<uint16_t, Backwards>(maps);
    case 4: return move_halves<uint32_t, Backwards>(maps);
    default: return move_halves<uint64_t, Backwards>(maps);
    }
}

at::Tensor like(const at::Tensor &x) {
    return at::empty(x.sizes(), x.options().memory_format(at::MemoryFormat::ChannelsLast));
}

// Concatenation, shuffle of two groups and split in half in one step: a unit's end and the next one's beginning.
struct Halves : torch::autograd::Function<Halves> {
    static variable_list forward(AutogradContext *, const at::Tensor &a, const at::Tensor &b) {
        at::AutoDispatchBelowADInplaceOrView below;
        if (!is_pixelwise(a) || !is_pixelwise(b) || a.scalar_type() != b.scalar_type()) {
            auto parts = joined(a, b).chunk(2, 1);
            return {parts[0].contiguous(), parts[1].contiguous()};
        }
        std::array<at::Tensor, 4> maps = {a, b, like(a), like(a)};
        move_halves<false>(maps);
        return {maps[2], maps[3]};
    }

    static variable_list backward(AutogradContext *, variable_list gradients) {
        auto first = gradients[0], second = gradients[1];
        if (!is_pixelwise(first) || !is_pixelwise(second)) {
            auto [a, b] = parted(at::cat({first, second}, 1));
            return {a, b};
        }
        std::array<at::Tensor, 4> maps = {like(first), like(first), first, second};
        move_halves<true>(maps);
        return {maps[0], maps[1]};
    }
};

void check(const at::Tensor &a, const at::Tensor &b) {
    TORCH_CHECK(
        a.sizes() == b.sizes() && a.dim() == 4, "interleaved maps must have equal shapes, not ", a.sizes(), " and ",
        b.sizes());
}

} // namespace

static ct_tensor *interleave(const ct_tensor *a, const ct_tensor *b) {
    return made([&] {
        check(a->value, b->value);
        return Interleaved::apply(a->value, b->value);
    });
}

static bool halves(const ct_tensor *a, const ct_tensor *b, ct_tensor *into[2]) {
    return done([&] {
        check(a->value, b->value);
        auto parts = Halves::apply(a->value, b->value);
        into[0] = new ct_tensor{parts[0]};
        into[1] = new ct_tensor{parts[1]};
    });
}

static bool split(const ct_tensor *x, int64_t first, ct_tensor *into[2]) {
    return done([&] {
        auto parts = at::split_with_sizes(x->value, {first, x->value.size(1) - first}, 1);
        into[0] = new ct_tensor{parts[0]};
        into[1] = new ct_tensor{parts[1]};
    });
}

// Output channel c * groups + k is input channel k * (C / groups) + c; computed in the map's memory layout.
static ct_tensor *shuffle(const ct_tensor *input, int groups) {
    return made([&] {
        const auto &x = input->value;
        int64_t n = x.size(0), c = x.size(1), h = x.size(2), w = x.size(3);
        if (x.is_contiguous(at::MemoryFormat::ChannelsLast)) {
            auto rows = x.permute({0, 2, 3, 1}).reshape({n, h, w, groups, c / groups});
            return rows.transpose(3, 4).reshape({n, h, w, c}).permute({0, 3, 1, 2});
        }
        return x.reshape({n, groups, c / groups, h, w}).transpose(1, 2).reshape({n, c, h, w});
    });
}

void fill_channels(ct_face &face) {
    face.interleave = interleave;
    face.halves = halves;
    face.split = split;
    face.shuffle = shuffle;
}

} // namespace ct

#endif
