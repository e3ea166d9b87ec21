/* What a machine reports about itself to vgpubench: one line per fact, its name, a tab and its value. */
#ifndef VGPU_FACT_H
#define VGPU_FACT_H

void fact(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The first line of a file that begins like this; nothing if there is none. */
void fact_line(const char *name, const char *path, const char *beginning, const char *otherwise);

#endif
