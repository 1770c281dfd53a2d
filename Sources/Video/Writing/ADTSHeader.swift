internal import CFFmpeg

/// ADTS header that AAC packets carry in transport streams (ISO/IEC 13818-7, 6.2); mp4 and mkv
/// store it once.
enum ADTSHeader {
    /// Removes the header from a packet, if present, and converts it to a codec header.
    static func strip(_ packet: UnsafeMutablePointer<AVPacket>) -> [UInt8]? {
        guard unsafe packet.pointee.size > 9, let data = unsafe packet.pointee.data else {
            return nil
        }
        guard unsafe data[0] == 0xff, unsafe data[1] & 0xf6 == 0xf0 else { return nil }
        let hasChecksum = unsafe data[1] & 1 == 0
        let profile = unsafe data[2] >> 6
        let rate = unsafe data[2] >> 2 & 0xf
        let channels = unsafe (data[2] & 1) << 2 | data[3] >> 6
        let length = hasChecksum ? 9 : 7
        unsafe packet.pointee.data = data + length
        unsafe packet.pointee.size -= Int32(length)
        return codecHeader(objectType: profile + 1, rateIndex: rate, channels: channels)
    }

    /// Codec header for a stream without packets so far.
    static func assumed(_ parameters: UnsafePointer<AVCodecParameters>) -> [UInt8]? {
        let rates: [Int32] = [
            96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
        ]
        guard let rate = unsafe rates.firstIndex(of: parameters.pointee.sample_rate) else {
            return nil
        }
        // Configuration 7 means eight channels; seven channels and more than eight have none.
        let configurations: [Int32] = [1, 2, 3, 4, 5, 6, 8]
        let channels = unsafe parameters.pointee.ch_layout.nb_channels
        guard let configuration = configurations.firstIndex(of: channels) else { return nil }
        return codecHeader(
            objectType: 2, rateIndex: UInt8(rate), channels: UInt8(configuration + 1))
    }

    /// AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1).
    private static func codecHeader(objectType: UInt8, rateIndex: UInt8, channels: UInt8) -> [UInt8]
    {
        [objectType << 3 | rateIndex >> 1, rateIndex << 7 | channels << 3]
    }
}
