package dev.dyad.interop;

import dev.dyad.harness.RequiredProgram;

/// What may be missing on a developer's machine, and must not be where `CI=true`.
public final class Interpreters {

    private Interpreters() {}

    public static void require(String program) {
        RequiredProgram.require(program);
    }

    public static void require(String program, boolean mustBeThere) {
        RequiredProgram.require(program, mustBeThere);
    }

    public static boolean has(String program) {
        return RequiredProgram.isThere(program);
    }
}
