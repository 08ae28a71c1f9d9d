import org.jspecify.annotations.NullMarked;

/// Floor 3: JSON-RPC 2.0 over messages, as language servers and MCP servers speak it.
///
/// Begin with [dev.dyad.message.json.JsonRpc].
@NullMarked
module dev.dyad.message.json {
    requires static transitive org.jspecify;
    requires transitive dev.dyad.message;
    requires transitive tools.jackson.databind;

    exports dev.dyad.message.json;
}
