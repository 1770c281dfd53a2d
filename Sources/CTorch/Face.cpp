// Function table, and functions of the library itself.

#include "CTorch.h"

#ifdef CTORCH_ENABLED

#include "Common.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/grad_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <torch/version.h>

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

namespace ct {

thread_local std::string last_error;

static const char *error() { return last_error.c_str(); }
static const char *version() { return TORCH_VERSION; }

static const char *processor() {
    static const std::string name = at::get_cpu_capability();
    return name.c_str();
}

// A program linked to libtorch_cuda does not load it unless it is used, so it is opened from the library's folder.
static bool load_cuda() {
    return guarded(
        [] {
            if (at::hasCUDA()) return true;
            Dl_info place;
            auto function = reinterpret_cast<const void *>(
                static_cast<void (*)(int)>(&at::set_num_threads));
            TORCH_CHECK(dladdr(function, &place), "the folder of libtorch_cpu.so is unknown");
            std::string path(place.dli_fname);
            path.resize(path.rfind('/') + 1);
            path += "libtorch_cuda.so";
            TORCH_CHECK(dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL), dlerror());
            return at::hasCUDA();
        },
        false);
}

static int devices() {
    return guarded([] { return at::hasCUDA() ? int(at::detail::getCUDAHooks().deviceCount()) : 0; }, 0);
}

static void set_threads(int count) {
    done([&] { at::set_num_threads(count); });
}

static int threads() { return at::get_num_threads(); }

static bool set_gradients(bool recorded) {
    bool former = at::GradMode::is_enabled();
    at::GradMode::set_enabled(recorded);
    return former;
}

static void synchronize() {
    done([] {
        if (at::hasCUDA()) at::detail::getCUDAHooks().deviceSynchronize(0);
    });
}

// Every step asks for the same maps again. malloc would return them to the system and receive pages to be cleared.
static void keep_memory() {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 2000 << 20);
    mallopt(M_TOP_PAD, 64 << 20);
#endif
}

static ct_face make_face() {
    keep_memory();
    ct_face face = {};
    face.error = error;
    face.version = version;
    face.processor = processor;
    face.load_cuda = load_cuda;
    face.devices = devices;
    face.set_threads = set_threads;
    face.threads = threads;
    face.set_gradients = set_gradients;
    face.synchronize = synchronize;
    fill_tensors(face);
    fill_layers(face);
    fill_pictures(face);
    fill_channels(face);
    fill_arithmetic(face);
    fill_optimizers(face);
    return face;
}

} // namespace ct

extern "C" const ct_face *ct_open(void) {
    static const ct_face face = ct::make_face();
    return &face;
}

#else

extern "C" const ct_face *ct_open(void) { return nullptr; }

#endif
