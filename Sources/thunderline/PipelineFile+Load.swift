import Configuration
import Pipeline

extension PipelineFile {
    /// Reads a pipeline file, or ends the program with all its errors.
    static func load(_ path: String, _ overrides: [String]) throws -> PipelineFile {
        let text: String
        do throws(RunError) {
            text = try TextInput.read(path, limit: 1 << 20)
        } catch {
            throw failure(error.reason, error.message)
        }
        do throws(Problems) {
            return try PipelineFile(text, name: path, overrides: overrides)
        } catch {
            throw failure(.usage, error.list.map(\.description))
        }
    }
}
