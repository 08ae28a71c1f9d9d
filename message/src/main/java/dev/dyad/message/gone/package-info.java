/// Channels whose other side is gone, before it is known how.
///
/// [GonePeers][dev.dyad.message.gone.GonePeers] is for module `worker`, which has others to ask.
package dev.dyad.message.gone;
