/// The examples of the documentation, which shows what is between `@start` and `@end`. They use what is
/// public alone.
package dev.dyad.message.json.examples;
