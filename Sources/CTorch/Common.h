#ifndef CTORCH_COMMON_H
#define CTORCH_COMMON_H

#include "CTorch.h"

#include <ATen/ATen.h>

#include <string>
#include <vector>

struct ct_tensor {
    at::Tensor value;
};

namespace ct {

// Message of the last failed call on this thread.
extern thread_local std::string last_error;

// Runs the body and returns its result; returns `failed` after an exception.
template <class Body>
auto guarded(Body body, decltype(body()) failed) -> decltype(body()) {
    try {
        return body();
    } catch (const c10::Error &error) {
        last_error = error.what_without_backtrace();
    } catch (const std::exception &error) {
        last_error = error.what();
    } catch (...) {
        last_error = "unknown exception";
    }
    return failed;
}

template <class Body>
ct_tensor *made(Body body) {
    return guarded([&] { return new ct_tensor{body()}; }, static_cast<ct_tensor *>(nullptr));
}

template <class Body>
bool done(Body body) {
    return guarded([&] { body(); return true; }, false);
}

inline std::vector<at::Tensor> values(ct_list list, int count) {
    std::vector<at::Tensor> result;
    result.reserve(count);
    for (int index = 0; index < count; index++) result.push_back(list[index]->value);
    return result;
}

inline at::Tensor optional(const ct_tensor *tensor) { return tensor ? tensor->value : at::Tensor(); }

// Sections of the table, each filled in its own file.
void fill_tensors(ct_face &);
void fill_layers(ct_face &);
void fill_pictures(ct_face &);
void fill_channels(ct_face &);
void fill_arithmetic(ct_face &);
void fill_optimizers(ct_face &);

// Depthwise convolution in the type of `x`; the bias may be undefined.
at::Tensor depthwise(
    ct_depthwise, const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias, int64_t stride,
    int64_t padding);

// Pools regions to [images * regions, depth * bins * bins] from a map and corners [images, regions, 4].
at::Tensor region_pool(const at::Tensor &map, const at::Tensor &regions, const ct_region_pool &);

} // namespace ct

#endif
