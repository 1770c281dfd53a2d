// swift-tools-version: 6.2
import PackageDescription

/// Set by `.ci/run`: a warning in our own targets stops the build there, never at a newcomer's.
let warningsAreErrors = Context.environment["THUNDERLINE_WARNINGS_AS_ERRORS"] == "1"

/// The plugin that renders the documentation, for those who want to read it in a browser.
let documentation: [Package.Dependency] =
    Context.environment["THUNDERLINE_DOCUMENTATION"] == "1"
    ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")] : []

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

let package = Package(
    name: "thunderline",
    products: [
        .executable(name: "thunderline", targets: ["thunderline"]),
        .library(name: "Flow", targets: ["Flow"]),
        .library(name: "Pixels", targets: ["Pixels"]),
        .library(name: "Scene", targets: ["Scene"]),
        .library(name: "Video", targets: ["Video"]),
        .library(name: "Tensors", targets: ["Tensors"]),
        .library(name: "ThunderNet", targets: ["ThunderNet"]),
        .library(name: "Overlay", targets: ["Overlay"]),
        .library(name: "Configuration", targets: ["Configuration"]),
        .library(name: "Pipeline", targets: ["Pipeline"]),
        .library(name: "Bench", targets: ["Bench"]),
        .library(name: "Live", targets: ["Live"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ] + documentation,
    targets: [
        // Rooms, leaves first. The arrows are explained in the decisions page of `Pipeline`.
        .systemLibrary(name: "CFFmpeg", pkgConfig: "libavformat"),
        .systemLibrary(name: "CFreeType", pkgConfig: "freetype2"),
        .target(name: "CKernels", cSettings: cSettings),
        .target(name: "CSystem", cSettings: cSettings),
        .target(
            name: "Flow",
            dependencies: ["CSystem", .product(name: "Histogram", package: "hdrhistogram-swift")]),
        .target(name: "Pixels"),
        .target(name: "Scene"),
        .target(name: "Video", dependencies: ["CFFmpeg", "Pixels"]),
        .target(name: "Tensors", dependencies: ["CKernels", "Flow"]),
        .target(
            name: "ThunderNet", dependencies: ["Tensors", "Scene", "Pixels"],
            resources: [.copy("Models")]),
        .target(name: "Overlay", dependencies: ["Pixels", "Scene", "CFreeType"]),
        .target(
            name: "Configuration",
            dependencies: ["Scene", "ThunderNet", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "Pipeline",
            dependencies: ["Configuration", "Flow", "Video", "ThunderNet", "Scene", "Overlay"]),
        .target(
            name: "Bench",
            dependencies: ["Configuration", "Pipeline", "Flow", "Video", "ThunderNet", "Scene"]),
        .target(
            name: "Live",
            dependencies: [
                "Configuration", "Pipeline", "Flow", "Video", "Scene", "Overlay", "CSystem",
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
                "Bench", "Configuration", "Live", "Pipeline", "Flow", "Tensors", "ThunderNet",
                "Video",
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

        // One suite per room.
        .target(
            name: "TestSupport", dependencies: ["CAllocations", "Flow"], path: "Tests/TestSupport",
            exclude: ["gstreamer_camera.py", "web_source.py"]),
        .executableTarget(
            name: "pretended-cameras", dependencies: ["TestSupport"],
            path: "Tests/PretendedCameras"),
        .target(name: "CAllocations", path: "Tests/CAllocations", cSettings: cSettings),
        .testTarget(name: "FlowTests", dependencies: ["Flow", "TestSupport"]),
        .testTarget(name: "PixelsTests", dependencies: ["Pixels", "TestSupport"]),
        .testTarget(name: "SceneTests", dependencies: ["Scene", "TestSupport"]),
        .testTarget(name: "VideoTests", dependencies: ["Video", "TestSupport"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "CKernels", "TestSupport"]),
        .testTarget(name: "ThunderNetTests", dependencies: ["ThunderNet", "TestSupport"]),
        .testTarget(
            name: "OverlayTests", dependencies: ["Overlay", "TestSupport"],
            exclude: ["Golden"]),
        .testTarget(
            name: "ConfigurationTests", dependencies: ["Configuration", "TestSupport"]),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "Configuration", "Flow", "Pipeline", "Pixels", "Scene", "Tensors", "ThunderNet",
                "Video", "TestSupport",
            ]),
        .testTarget(
            name: "BenchTests",
            dependencies: [
                "Bench", "Configuration", "Pipeline", "Scene", "ThunderNet", "Video",
                "TestSupport",
            ]),
        .testTarget(
            name: "LiveTests",
            dependencies: [
                "Configuration", "Live", "Pipeline", "Video", "TestSupport",
                .product(name: "FlyingFox", package: "FlyingFox"),
            ]),
        .testTarget(
            name: "SamplesTests",
            dependencies: [
                "road-scene", "count-objects", "draw-tracks", "Pixels", "Scene", "Video",
                "TestSupport",
            ]),
        .testTarget(
            name: "ThunderlineTests",
            dependencies: [
                "Bench", "Configuration", "Live", "Pipeline", "TestSupport", "thunderline",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"]),
    ]
)

for target in package.targets where [.regular, .executable, .test].contains(target.type) {
    guard target.name.first != "C" else { continue }
    target.swiftSettings = (target.swiftSettings ?? []) + swiftSettings
}

if let suites { package.targets.removeAll { $0.type == .test && !suites.contains($0.name) } }
