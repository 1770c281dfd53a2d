internal import Foundation
internal import Video

#if canImport(FoundationNetworking)
    internal import FoundationNetworking
#endif

/// Requests by the rules of Standard Webhooks (github.com/standard-webhooks/standard-webhooks).
enum WebhookRequest {
    /// Body of an event, the same in every attempt.
    static func body(of event: PublishedEvent) -> String {
        "{\"type\":\"thunderline.\(event.kind)\",\"timestamp\":\"\(timestamp(event.time))\",\"data\":\(event.json)}"
    }

    /// Signature `v1,…`: base 64 of HMAC-SHA256 over identifier, seconds since 1970 and body, with dots between them.
    static func signature(id: String, seconds: Int, body: String, key: [UInt8]) -> String {
        let digest = KeyedHash.digest(of: Array("\(id).\(seconds).\(body)".utf8), key: key)
        return "v1," + Data(digest).base64EncodedString()
    }

    /// Request of one attempt, signed at a time.
    static func make(
        _ event: PublishedEvent, to settings: WebhookSettings, at now: Date
    ) -> URLRequest {
        let body = body(of: event)
        let seconds = Int(now.timeIntervalSince1970)
        var request = URLRequest(
            url: settings.url, cachePolicy: .reloadIgnoringLocalCacheData,
            timeoutInterval: WebhookTransport.timeout)
        request.httpMethod = "POST"
        request.httpBody = Data(body.utf8)
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue("Thunderline", forHTTPHeaderField: "User-Agent")
        request.setValue(event.id, forHTTPHeaderField: "webhook-id")
        request.setValue(String(seconds), forHTTPHeaderField: "webhook-timestamp")
        if let key = settings.key {
            request.setValue(
                signature(id: event.id, seconds: seconds, body: body, key: key),
                forHTTPHeaderField: "webhook-signature")
        }
        return request
    }

    private static func timestamp(_ time: Date) -> String {
        time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
