internal import Foundation
internal import Pipeline

/// Puts a camera's credentials into its address, from where they are kept.
enum CameraAddress {
    /// One of the camera's addresses as it is opened; not to be shown, logged or written.
    ///
    /// - Throws: A `RunError` that names the variable or file, never what is in it.
    static func complete(
        _ address: String, of camera: CameraDescription,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(RunError) -> String {
        guard let login = try login(camera, environment) else { return address }
        guard let mark = address.range(of: "://") else {
            throw RunError(
                .usage, "Camera \(camera.name): credentials are for addresses, not for devices.")
        }
        return address[..<mark.upperBound] + login + "@" + address[mark.upperBound...]
    }

    /// Where a camera is watched, and where it is recorded if that is another address.
    ///
    /// - Throws: What ``complete(_:of:environment:)`` throws.
    static func all(of camera: CameraDescription) throws(RunError) -> (
        source: String, main: String?
    ) {
        let source = try complete(camera.source, of: camera)
        guard let main = camera.main else { return (source, nil) }
        return (source, try complete(main, of: camera))
    }

    private static func login(
        _ camera: CameraDescription, _ environment: [String: String]
    ) throws(RunError) -> String? {
        let place: String
        let text: String
        if let variable = camera.credentials.variable {
            place = "the variable \(variable)"
            guard let value = environment[variable] else {
                throw RunError(.usage, "Camera \(camera.name): \(place) is not set.")
            }
            text = value
        } else if let file = camera.credentials.file {
            place = "the file \(file)"
            guard let content = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw RunError(.notReadable, "Camera \(camera.name): \(place) cannot be read.")
            }
            text = content
        } else {
            return nil
        }
        let parts = text.trimmingCharacters(in: .whitespacesAndNewlines)
            .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw RunError(.usage, "Camera \(camera.name): \(place) must hold user:password.")
        }
        return parts.map { escaped(String($0)) }.joined(separator: ":")
    }

    /// With every character that means something in an address written as a number.
    private static func escaped(_ text: String) -> String {
        let plain = CharacterSet.alphanumerics.intersection(
            CharacterSet(charactersIn: "\0"..."\u{7F}")
        )
        .union(CharacterSet(charactersIn: "-._~"))
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}
