/// JSON-RPC 2.0 over messages, as language servers and MCP servers speak it.
///
/// Begin with [dev.dyad.message.json.JsonRpc].
///
/// {@snippet file="dev/dyad/message/json/examples/JsonRpcExamplesTest.java" region="call"}
package dev.dyad.message.json;
