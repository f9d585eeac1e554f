@NullMarked
package io.engram.client.light;

import org.jspecify.annotations.NullMarked;
