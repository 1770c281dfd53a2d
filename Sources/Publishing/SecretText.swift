internal import Configuration
internal import Foundation
internal import Pipeline

extension CredentialsDescription {
    /// The secret in the variable or file, without white space at its ends; nil when neither is named.
    ///
    /// - Throws: A `RunError` that names the variable or file, never its content.
    func secret(of owner: String, _ environment: [String: String]) throws(RunError) -> String? {
        if let variable {
            guard let text = environment[variable] else {
                throw RunError(.usage, "\(owner): the variable \(variable) is not set.")
            }
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard let file else { return nil }
        return try TextInput.read(file).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
