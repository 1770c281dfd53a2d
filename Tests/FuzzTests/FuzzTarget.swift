import Configuration
import Foundation
import Tensors
import TestSupport
import ThunderNet
import Video

@testable import Configuration
@testable import Datasets
@testable import Live
@testable import Tensors
@testable import ThunderNet
@testable import Training
@testable import Video

/// Parser of this project that reads what others have written.
///
/// Readers of further forms, such as results, get a case here and seeds in `Seeds/NAME`.
enum FuzzTarget: String, CaseIterable, Codable, Sendable {
    /// Annotations in COCO's form.
    case coco
    /// Annotations in the form of Pascal VOC.
    case voc
    /// Labels in YOLO's form, and the list of classes beside them.
    case yolo
    /// A pipeline file.
    case yaml
    /// A value of a setting, as on a command line.
    case setting
    /// A model file.
    case safetensors
    /// The description inside a model file.
    case description
    /// An HLS playlist, read by FFmpeg under our bounds.
    case playlist
    /// An address, hidden, parsed and judged.
    case address
    /// A request to the page.
    case request
    /// The name of a recording or snapshot.
    case name
    /// A file that is growing or was left, in MP4: the boxes that we read ourselves.
    case movie
    /// A resolved recipe of training.
    case recipe
    /// The index of a store of decoded images; its hash and trailer are right.
    case store
    /// The state in a checkpoint of training.
    case checkpoint

    /// Tokens of the form.
    var words: [String] {
        switch self {
        case .voc:
            [
                "<object>", "</object>", "<bndbox>", "<xmin>", "&lt;", "<!DOCTYPE a [", "]>",
                "<![CDATA[",
            ]
        case .yolo: ["0 0.5 0.5 0.1 0.1\n", "\n", " ", "names: [", "train: ", "../", "path: "]
        case .coco:
            ["\"images\":", "\"bbox\":[", "\"file_name\":\"", "{", "}", "[", "]", "\"", ","]
        case .yaml:
            [
                "command: ", "cameras:", "\n  - ", ": ", "&a ", "*a", "<<: ", "|\n", "!!int ", "#",
                "---\n",
            ]
        case .setting: ["s", "ms", "d", "k", "M", "GB", "x", ",", "=", "%"]
        case .safetensors, .description:
            [
                "\"dtype\":\"F32\"", "\"shape\":[", "\"data_offsets\":[", "__metadata__", "{", "}",
                "[", "\"",
            ]
        case .playlist:
            [
                "#EXTM3U\n", "#EXTINF:", "#EXT-X-STREAM-INF:", "#EXT-X-KEY:METHOD=AES-128,URI=",
                "a.ts\n",
                "#EXT-X-MAP:URI=", "#EXT-X-BYTERANGE:", "#EXT-X-MEDIA:TYPE=SUBTITLES,", "http://",
                "\n",
            ]
        case .address:
            ["rtsp://", "http:", "@", ":", "?", "&", "=", "/", "[::1]", "pwd=", "***", "%"]
        case .request:
            [
                "GET ", "POST ", " HTTP/1.1\r\n", "Host: ", "\r\n", "Cookie: thunderline-=",
                "Range: bytes=",
                "Sec-Fetch-Site: ", "?token=", "/cameras/gate.mjpeg", "%2e%2e/",
                "Authorization: Bearer ",
                "Content-Length: ", "Transfer-Encoding: chunked\r\n",
            ]
        case .name: ["-clip", ".partial", ".mp4", "Z", "T", "-", "."]
        case .recipe, .store, .checkpoint:
            ["{", "}", "[", "]", "\"", ":", ",", "1e99", "-1", "null"]
        case .movie: ["moov", "mdat", "moof", "ftyp", "edts", "trak", "free"]
        }
    }

    /// Reads one input; returns a word that differs where the parser took another way.
    func read(_ bytes: [UInt8], in scratch: Scratch) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        switch self {
        case .coco: return result { try Self.coco(bytes, scratch) }
        case .voc: return result { try Self.voc(bytes, scratch) }
        case .yolo: return result { try Self.yolo(bytes, scratch) }
        case .yaml: return result { try Self.yaml(text) }
        case .setting: return Self.setting(text)
        case .safetensors:
            return result { "\(try Model(decoding: bytes, name: "x").weights.names.count)" }
        case .description:
            return result { try ModelDescription(json: text).classes.count.description }
        case .playlist: return result { try Self.playlist(bytes, scratch) }
        case .address: return Self.address(text)
        case .request: return Self.request(text)
        case .name: return Self.name(text)
        case .movie: return result { try Self.movie(bytes, scratch) }
        case .recipe: return result { try Self.recipe(bytes) }
        case .store: return result { try Self.store(bytes, scratch) }
        case .checkpoint: return result { try Self.checkpoint(text, scratch) }
        }
    }

    /// The value, or the beginning of the error's sentence.
    private func result(_ body: () throws -> String) -> String {
        do { return try body() } catch {
            return String("\(error)".filter { !$0.isNumber }.suffix(24))
        }
    }
}
