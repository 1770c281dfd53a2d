public import Configuration
internal import Foundation
public import Pipeline

/// Addresses of a camera with its credentials; must never be shown, logged or written.
public struct CameraAddress: Sendable {
    /// Address of the stream to watch.
    public let source: String
    /// Address of the stream to record; nil when it is the same.
    public let main: String?

    /// Inserts the credentials from a variable or file.
    ///
    /// - Parameters:
    ///   - camera: Camera as the user describes it.
    ///   - environment: Environment variables by name, among which the credentials may be.
    /// - Throws: A `RunError` that names the variable or file, never its content.
    public init(
        _ camera: CameraDescription, environment: [String: String] = [:]
    ) throws(RunError) {
        guard let login = try Self.login(camera, environment) else {
            (source, main) = (camera.source, camera.main)
            return
        }
        source = try Self.insert(login, into: camera.source, of: camera.name)
        if let address = camera.main {
            main = try Self.insert(login, into: address, of: camera.name)
        } else {
            main = nil
        }
    }

    private static func insert(
        _ login: String, into address: String, of camera: String
    ) throws(RunError) -> String {
        guard let mark = address.range(of: "://") else {
            throw RunError(
                .usage, "Camera \(camera): credentials are for addresses, not for devices.")
        }
        return address[..<mark.upperBound] + login + "@" + address[mark.upperBound...]
    }

    private static func login(
        _ camera: CameraDescription, _ environment: [String: String]
    ) throws(RunError) -> String? {
        let owner = "Camera \(camera.name)"
        guard
            let secret = try Secret(
                variable: camera.credentials.variable, file: camera.credentials.file, owner: owner,
                environment: environment)
        else { return nil }
        let parts = secret.text.split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw RunError(.usage, "\(owner): \(secret.origin) must hold user:password.")
        }
        return parts.map { escaped(String($0)) }.joined(separator: ":")
    }

    /// Percent-encodes every character that has a meaning in an address.
    private static func escaped(_ text: String) -> String {
        let plain = CharacterSet.alphanumerics.intersection(
            CharacterSet(charactersIn: "\0"..."\u{7F}")
        )
        .union(CharacterSet(charactersIn: "-._~"))
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}
