import ArgumentParser
import Pipeline

/// Options of MQTT and webhooks.
struct PublishingOptions: ParsableArguments {
    @Option(help: SettingHelp.text("mqtt.broker"))
    var mqtt: String?
    @Option(help: SettingHelp.text("mqtt.credentials-variable"))
    var mqttCredentialsVariable: String?
    @Option(help: SettingHelp.text("mqtt.credentials-file"), completion: .file())
    var mqttCredentialsFile: String?
    @Option(help: SettingHelp.text("mqtt.ca"), completion: .file())
    var mqttCa: String?
    @Option(help: SettingHelp.text("webhooks"))
    var webhook: [String] = []
}
