/* What a machine says of itself to vgpubench: a line each, its name, a tab and its value. */
#ifndef VGPU_FACT_H
#define VGPU_FACT_H

void fact(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The first line of a file that begins so; nothing where there is none. */
void fact_line(const char *name, const char *path, const char *beginning, const char *otherwise);

#endif
