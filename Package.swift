// swift-tools-version: 6.2
import PackageDescription

/// Set by `.ci/run`: a warning in our own targets stops the build there, never at a newcomer's.
let warningsAreErrors = Context.environment["THUNDERLINE_WARNINGS_AS_ERRORS"] == "1"

/// The plugin that renders the documentation, for those who want to read it in a browser.
let documentation: [Package.Dependency] =
    Context.environment["THUNDERLINE_DOCUMENTATION"] == "1"
    ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0")] : []

/// Test suites to build, such as `VideoTests,PipelineTests`, where a second system checks some; unset, all of them.
let suites = Context.environment["THUNDERLINE_SUITES"]?.split(separator: ",").map(String.init)

let swiftSettings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .strictMemorySafety(),
    ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

let cSettings: [CSetting] = warningsAreErrors ? [.treatAllWarnings(as: .error)] : []

/// The folder with libtorch's `include` and `lib`, read by builds with the trait `Training` only:
/// `Samples/train/libtorch.sh` fills the one here; `LIBTORCH` names another.
let torch = Context.environment["LIBTORCH"] ?? "\(Context.packageDirectory)/.torch"
let training = BuildSettingCondition.when(traits: ["Training"])

let package = Package(
    name: "thunderline",
    products: [
        .executable(name: "thunderline", targets: ["thunderline"]),
        .executable(name: "thunderline-train", targets: ["thunderline-train"]),
        .library(name: "Flow", targets: ["Flow"]),
        .library(name: "Pixels", targets: ["Pixels"]),
        .library(name: "Scene", targets: ["Scene"]),
        .library(name: "Analytics", targets: ["Analytics"]),
        .library(name: "Video", targets: ["Video"]),
        .library(name: "Tensors", targets: ["Tensors"]),
        .library(name: "ThunderNet", targets: ["ThunderNet"]),
        .library(name: "Overlay", targets: ["Overlay"]),
        .library(name: "Configuration", targets: ["Configuration"]),
        .library(name: "Datasets", targets: ["Datasets"]),
        .library(name: "Training", targets: ["Training"]),
        .library(name: "Pipeline", targets: ["Pipeline"]),
        .library(name: "Bench", targets: ["Bench"]),
        .library(name: "Publishing", targets: ["Publishing"]),
        .library(name: "Live", targets: ["Live"]),
    ],
    traits: [
        .default(enabledTraits: ["MQTT"]),
        .trait(
            name: "MQTT",
            description: "Publish states and events to MQTT brokers with libmosquitto."),
        .trait(name: "Training", description: "Train detectors with libtorch."),
    ],
    // Exact versions, each updated on purpose.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ] + documentation,
    targets: [
        // Modules, leaves first. The decisions page of `Pipeline` explains who imports whom.
        .systemLibrary(name: "CFFmpeg", pkgConfig: "libavformat"),
        .systemLibrary(name: "CFreeType", pkgConfig: "freetype2"),
        .systemLibrary(name: "CMosquitto", pkgConfig: "libmosquitto"),
        .target(name: "CKernels", cSettings: cSettings),
        .target(name: "CSystem", cSettings: cSettings),
        .target(
            name: "CTorch",
            cxxSettings: [
                .define("CTORCH_ENABLED", training),
                .unsafeFlags(
                    [
                        "-isystem", "\(torch)/include",
                        "-isystem", "\(torch)/include/torch/csrc/api/include",
                    ], training),
            ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : []),
            linkerSettings: [
                .linkedLibrary("torch_cpu", training), .linkedLibrary("c10", training),
                .unsafeFlags(
                    ["-L\(torch)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(torch)/lib"],
                    training),
            ]),
        .target(
            name: "Flow",
            dependencies: ["CSystem", .product(name: "Histogram", package: "hdrhistogram-swift")]),
        .target(name: "Pixels"),
        .target(name: "Scene"),
        .target(name: "Analytics", dependencies: ["Scene"]),
        .target(name: "Video", dependencies: ["CFFmpeg", "Pixels"]),
        .target(name: "Tensors", dependencies: ["CKernels", "Flow"]),
        .target(
            name: "ThunderNet", dependencies: ["Tensors", "Scene", "Pixels"],
            resources: [.copy("Models")]),
        .target(name: "Overlay", dependencies: ["Pixels", "Scene", "CFreeType"]),
        .target(
            name: "Configuration",
            dependencies: [
                "Analytics", "Scene", "ThunderNet", .product(name: "Yams", package: "Yams"),
            ]),
        .target(
            name: "Datasets",
            dependencies: ["Scene", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "Training",
            dependencies: [
                "Configuration", "Tensors", "ThunderNet", "Scene", "Pixels", "Datasets", "CTorch",
            ]),
        .target(
            name: "Pipeline",
            dependencies: [
                "Analytics", "Configuration", "Flow", "Video", "ThunderNet", "Scene", "Overlay",
            ]),
        .target(
            name: "Bench",
            dependencies: [
                "Configuration", "Datasets", "Pipeline", "Flow", "Video", "ThunderNet", "Scene",
            ]),
        .target(
            name: "Publishing",
            dependencies: [
                "Configuration", "Pipeline", "Flow", "Video",
                .target(name: "CMosquitto", condition: .when(traits: ["MQTT"])),
            ]),
        .target(
            name: "Live",
            dependencies: [
                "Analytics", "Configuration", "Pipeline", "Publishing", "Flow", "Video", "Scene",
                "Overlay", "CSystem",
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            resources: [
                .embedInCode("Page/page.html"), .embedInCode("Page/page.js"),
                .embedInCode("Page/page.css"),
            ]),
        .executableTarget(
            name: "thunderline",
            dependencies: [
                "Bench", "Configuration", "Datasets", "Live", "Overlay", "Pipeline", "Pixels",
                "Flow",
                "Scene", "Tensors", "ThunderNet", "Training", "Video",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "thunderline-train",
            dependencies: [
                "Training", "Datasets",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // The drawn road scene, and two programs that show how the libraries are used.
        .executableTarget(name: "road-scene", dependencies: ["Video"], path: "Samples/RoadScene"),
        .executableTarget(
            name: "count-objects", dependencies: ["Scene", "ThunderNet", "Video"],
            path: "Samples/CountObjects"),
        .executableTarget(
            name: "draw-tracks", dependencies: ["Overlay", "Scene", "Video"],
            path: "Samples/DrawTracks"),

        .executableTarget(
            name: "picture-rate",
            dependencies: ["Configuration", "Datasets", "Scene", "ThunderNet", "Training"],
            path: "Tests/Benchmarks/PictureRate"),

        // One suite per module.
        .target(
            name: "TestSupport", dependencies: ["CAllocations", "Flow"], path: "Tests/TestSupport",
            exclude: ["gstreamer_camera.py", "web_source.py"]),
        .executableTarget(
            name: "pretended-cameras", dependencies: ["TestSupport"],
            path: "Tests/PretendedCameras"),
        .executableTarget(
            name: "counting-bench", dependencies: ["Analytics", "Scene", "TestSupport"],
            path: "Tests/Benchmarks/Counting"),
        .executableTarget(
            name: "publishing-bench",
            dependencies: ["Configuration", "Flow", "Pipeline", "Publishing", "TestSupport"],
            path: "Tests/Benchmarks/Publishing"),
        .target(name: "CAllocations", path: "Tests/CAllocations", cSettings: cSettings),
        .testTarget(name: "FlowTests", dependencies: ["Flow", "TestSupport"]),
        .testTarget(name: "PixelsTests", dependencies: ["Pixels", "TestSupport"]),
        .testTarget(name: "SceneTests", dependencies: ["Scene", "TestSupport"]),
        .testTarget(
            name: "AnalyticsTests", dependencies: ["Analytics", "Scene", "TestSupport"]),
        .testTarget(name: "VideoTests", dependencies: ["Video", "TestSupport"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "CKernels", "TestSupport"]),
        .testTarget(name: "ThunderNetTests", dependencies: ["ThunderNet", "TestSupport"]),
        .testTarget(
            name: "OverlayTests", dependencies: ["Overlay", "TestSupport"],
            exclude: ["Golden"]),
        .testTarget(
            name: "ConfigurationTests",
            dependencies: ["Analytics", "Configuration", "Scene", "TestSupport"]),
        .testTarget(
            name: "DatasetsTests", dependencies: ["Datasets", "Scene", "TestSupport"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Configuration", "Training", "Datasets", "Scene", "Tensors", "ThunderNet",
                "TestSupport",
            ],
            exclude: ["Golden"]),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "Analytics", "Configuration", "Flow", "Pipeline", "Pixels", "Scene", "Tensors",
                "ThunderNet",
                "Video", "TestSupport",
            ]),
        .testTarget(
            name: "BenchTests",
            dependencies: [
                "Bench", "Configuration", "Datasets", "Pipeline", "Scene", "ThunderNet", "Video",
                "TestSupport",
            ]),
        .testTarget(
            name: "PublishingTests",
            dependencies: [
                "Configuration", "Flow", "Pipeline", "Publishing", "TestSupport",
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ]),
        .testTarget(
            name: "LiveTests",
            dependencies: [
                "Analytics", "Configuration", "Live", "Pipeline", "Publishing", "Scene", "Video",
                "TestSupport",
                .product(name: "FlyingFox", package: "FlyingFox"),
            ]),
        .testTarget(
            name: "SamplesTests",
            dependencies: [
                "road-scene", "count-objects", "draw-tracks", "Pixels", "Scene", "ThunderNet",
                "Video", "TestSupport",
            ]),
        .testTarget(
            name: "ThunderlineTests",
            dependencies: [
                "Bench", "Configuration", "Live", "Pipeline", "TestSupport", "thunderline",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Golden"]),
        // Parsers under random input, for longer by hand: Tests/FuzzTests/run.sh.
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "Configuration", "Datasets", "Live", "Scene", "Tensors", "ThunderNet", "Training",
                "Video",
                "TestSupport",
                .product(name: "FlyingFox", package: "FlyingFox"),
            ], exclude: ["Seeds", "run.sh"]),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"]),
    ],
    cxxLanguageStandard: .cxx20
)

for target in package.targets where [.regular, .executable, .test].contains(target.type) {
    guard target.name.first != "C" else { continue }
    target.swiftSettings = (target.swiftSettings ?? []) + swiftSettings
}

if let suites { package.targets.removeAll { $0.type == .test && !suites.contains($0.name) } }
