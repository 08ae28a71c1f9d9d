/// How a JVM like this one is started: which `java`, which of our options, and which class or method it runs.
///
/// [StaticMethod][dev.dyad.process.java.StaticMethod] is a method whose name travels; module `php` uses it as well.
package dev.dyad.process.java;
