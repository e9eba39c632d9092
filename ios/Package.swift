// swift-tools-version: 6.0
// The Swift package. `cargo xtask bindings` writes AnggotaCore and AnggotaFFI; the shared library's folder is given on
// the command line (`-Xlinker -L`), because flags in a manifest are not for packages that others use.

import PackageDescription

let package = Package(
    name: "Anggota",
    platforms: [.iOS(.v15), .macOS(.v13)],
    products: [.library(name: "Anggota", targets: ["Anggota"])],
    targets: [
        .systemLibrary(name: "AnggotaFFI"),
        // What UniFFI generates does not compile in Swift 6 mode.
        .target(name: "AnggotaCore", dependencies: ["AnggotaFFI"], swiftSettings: [.swiftLanguageMode(.v5)]),
        .target(name: "Anggota", dependencies: ["AnggotaCore"]),
        .systemLibrary(name: "COpenSSL", path: "Tests/COpenSSL", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "TestKit",
            dependencies: ["Anggota", .target(name: "COpenSSL", condition: .when(platforms: [.linux]))],
            path: "Tests/TestKit"),
        .testTarget(name: "AnggotaTests", dependencies: ["Anggota", "TestKit"]),
        .executableTarget(name: "anggota-bench", dependencies: ["Anggota", "TestKit"]),
    ]
)
