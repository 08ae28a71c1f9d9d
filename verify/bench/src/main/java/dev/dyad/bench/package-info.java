/// Numbers: Dyad beside its twin in C, and whole processes, each with its spread.
///
/// Whatever is compared is measured in turn, round by round and in both orders, because on a shared machine two figures
/// taken a minute apart say more about the minute than about the code. Nothing here is published.
@NullMarked
package dev.dyad.bench;

import org.jspecify.annotations.NullMarked;
