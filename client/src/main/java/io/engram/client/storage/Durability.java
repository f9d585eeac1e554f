package io.engram.client.storage;

/** When a write counts as done. Either way it is atomic and survives the end of the process. */
public enum Durability {
    /** Handed to the operating system: a power failure may lose the last writes, newest first. */
    PROCESS,
    /** On the disk. */
    POWER
}
