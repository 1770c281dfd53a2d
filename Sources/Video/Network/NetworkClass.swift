internal import CFFmpeg
internal import Glibc

/// Distance of a network address from this machine; the nearer, the more it can reach that others cannot.
enum NetworkClass: Int, Comparable {
    /// Addresses of the internet.
    case outside
    /// Private networks: RFC 1918, RFC 4193, RFC 6598.
    case local
    /// This machine, and what only its link reaches, such as a cloud's metadata service.
    case own

    static func < (left: NetworkClass, right: NetworkClass) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Class of a numeric address; nil for any other text.
    init?(numeric text: String) {
        let text = String(text.prefix { $0 != "%" })
        var four = in_addr()
        var six = in6_addr()
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            self.init(UInt32(bigEndian: four.s_addr))
        } else if unsafe inet_pton(AF_INET6, text, &six) == 1 {
            self.init(unsafe withUnsafeBytes(of: &six) { unsafe Array($0) })
        } else {
            return nil
        }
    }

    private init(_ address: UInt32) {
        let isIn = { (network: UInt32, bits: UInt32) in
            address >> (32 - bits) == network >> (32 - bits)
        }
        if isIn(0x7F00_0000, 8) || isIn(0, 8) || isIn(0xA9FE_0000, 16) || isIn(0xE000_0000, 3) {
            self = .own
        } else if isIn(0x0A00_0000, 8) || isIn(0xAC10_0000, 12) || isIn(0xC0A8_0000, 16)
            || isIn(0x6440_0000, 10)
        {
            self = .local
        } else {
            self = .outside
        }
    }

    private init(_ address: [UInt8]) {
        let isMapped =
            address[..<10].allSatisfy { $0 == 0 } && address[10...11].allSatisfy { $0 == 255 }
        let isTranslated = address[..<4] == [0, 0x64, 0xFF, 0x9B]
        if isMapped || isTranslated {
            self.init(address[12...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        } else if address[..<15].allSatisfy({ $0 == 0 }) || address[0] == 0xFF
            || (address[0] == 0xFE && address[1] & 0xC0 == 0x80)
        {
            self = .own
        } else {
            self = address[0] & 0xFE == 0xFC ? .local : .outside
        }
    }

    /// Nearest class among the addresses of a host name; nil if it does not resolve.
    ///
    /// Blocks while it is resolved.
    init?(resolving host: String) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return nil }
        defer { unsafe freeaddrinfo(list) }
        var nearest: NetworkClass?
        var entry = unsafe list
        while let address = unsafe entry {
            if let text = unsafe Self.numeric(address.pointee),
                let found = NetworkClass(numeric: text)
            {
                nearest = max(nearest ?? found, found)
            }
            unsafe entry = address.pointee.ai_next
        }
        guard let nearest else { return nil }
        self = nearest
    }

    private static func numeric(_ address: addrinfo) -> String? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { text in
            unsafe text.initialize(repeating: 0)
            guard
                unsafe getnameinfo(
                    address.ai_addr, address.ai_addrlen, text.baseAddress, 128, nil, 0,
                    NI_NUMERICHOST)
                    == 0, let start = text.baseAddress
            else { return nil }
            return unsafe String(cString: start)
        }
    }
}

/// Scheme and host of an address; credentials, port and path do not matter here.
struct NetworkPlace: Equatable {
    /// In lower case; empty where it is that of another address, as in `//host/path`.
    let scheme: String
    /// In lower case, without brackets; empty for schemes without a host.
    let host: String

    /// Splits an address as FFmpeg does, for which `http:host` and `http:/host` are `http://host` too; nil
    /// for a text that is relative to another address.
    init?(_ address: String) {
        let isOfSameScheme = address.hasPrefix("//")
        let whole = isOfSameScheme ? "x:" + address : address
        guard let colon = whole.firstIndex(of: ":"), colon > whole.startIndex,
            !whole[..<colon].contains(where: { "/?#".contains($0) })
        else { return nil }
        scheme = isOfSameScheme ? "" : whole[..<colon].lowercased()
        host = Self.host(of: whole).lowercased()
    }

    private static func host(of address: String) -> String {
        let size: Int32 = 1024
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(size)) { host in
            unsafe host.initialize(repeating: 0)
            unsafe av_url_split(
                nil, 0, nil, 0, host.baseAddress, size, nil, nil, 0, address)
            guard let start = host.baseAddress else { return "" }
            return unsafe String(cString: start)
        }
    }

    /// True for schemes whose data is encrypted on the way.
    var isEncrypted: Bool { ["rtsps", "https", "rtmps", "tls"].contains(scheme) }
}
