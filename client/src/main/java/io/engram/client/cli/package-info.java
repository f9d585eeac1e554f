/** The command line. Commands are made when they are asked for, so that {@code dev} starts fast. */
@NullMarked
package io.engram.client.cli;

import org.jspecify.annotations.NullMarked;
