/// The examples of the documentation, which shows what is between `@start` and `@end`. They use only
/// what is public.
package dev.dyad.message.examples;
